#include "claim/documentation.h"

#include <gmock/gmock.h>

#include "claim/suite.h"

namespace sandproof::claim {
namespace {

CheckResult checked_unit() {
  CheckResult result;
  result.unit = "x.service";
  const auto add = [&result](const char* name, const char* value, Status status) {
    DirectiveResult directive;
    directive.directive.name = name;
    directive.directive.value = value;
    directive.status = status;
    result.directives.push_back(directive);
  };
  add("ProtectHome", "true", Status::held);
  add("ProtectSystem", "strict", Status::held);
  add("RestrictRealtime", "true", Status::bypassed);
  add("PrivateTmp", "true", Status::unproven);
  add("LockPersonality", "true", Status::held);
  result.not_of_the_sandbox = {"Restart", "TimeoutStopSec", "ExecStart"};
  result.files = {"x.service"};
  result.sources = {
      {"x.service",
       "[Service]\nExecStart=/usr/bin/x --long\nRestart=always\nTimeoutStopSec=10s\n"}};
  return result;
}

Agreement agreement_of(const DocumentationResult& result, const std::string& name) {
  for (const auto& one : result.directives) {
    if (one.name == name) return one.agreement;
  }
  ADD_FAILURE() << "nothing of " << name;
  return Agreement::documented;
}

TEST(Documentation, EachDirectiveStandsWhereItsUnitHasIt) {
  const auto result = compare("page.md",
                              {{"ProtectHome", "yes", true},
                               {"ProtectSystem", "full", true},
                               {"RestrictRealtime", "", false},
                               {"PrivateTmp", "true", true},
                               {"ProtectClock", "true", true},
                               {"Restart", "always", true},
                               {"TimeoutStopSec", "30s", true},
                               {"ExecStart", "/usr/bin/x …", true}},
                              checked_unit());
  EXPECT_EQ(agreement_of(result, "ProtectHome"), Agreement::held);
  EXPECT_EQ(agreement_of(result, "ProtectSystem"), Agreement::another_value);
  EXPECT_EQ(agreement_of(result, "RestrictRealtime"), Agreement::not_held);
  EXPECT_EQ(agreement_of(result, "PrivateTmp"), Agreement::not_proved);
  EXPECT_EQ(agreement_of(result, "ProtectClock"), Agreement::not_set);
  EXPECT_EQ(agreement_of(result, "LockPersonality"), Agreement::undocumented);
  EXPECT_EQ(agreement_of(result, "Restart"), Agreement::not_sandbox);
  EXPECT_EQ(agreement_of(result, "TimeoutStopSec"), Agreement::another_value);
  EXPECT_EQ(agreement_of(result, "ExecStart"), Agreement::not_sandbox);
  EXPECT_TRUE(result.has_finding());
}

TEST(Documentation, ItsSkeletonIsASuite) {
  const auto result =
      compare("page.md", {{"ProtectHome", "true", true}, {"SystemCallFilter", "~@swap", true}},
              checked_unit());
  const auto suite = parse_suite(suite_skeleton(result, "units/x.service"), "x.suite", {});
  ASSERT_TRUE(suite) << suite.error().message;
  ASSERT_EQ(suite->claims.size(), 1U);
  EXPECT_EQ(suite->claims[0].id, "x.protecthome");
}

}  // namespace
}  // namespace sandproof::claim
