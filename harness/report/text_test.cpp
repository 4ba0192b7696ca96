#include "report/text.h"

#include <gmock/gmock.h>

#include <cerrno>
#include <string>

#include "base/text.h"
#include "judge/judge.h"
#include "report/layout.h"

namespace sandproof::report {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

CheckResult unit_with(const std::string& name, const std::string& value, Status status,
                      const std::string& reason = {}) {
  CheckResult result;
  result.unit = "a.service";
  result.files = {"/etc/systemd/system/a.service"};
  DirectiveResult directive;
  directive.directive = {name, value, {}, result.files[0], 7, {}, {}};
  directive.status = status;
  directive.reason = reason;
  result.directives = {directive};
  return result;
}

TEST(TextReport, NothingInAUnitFileSteersTheTerminal) {
  auto result =
      unit_with("Protect\x1b[2JSystem", "\x1b]0;title\x07", Status::ignored, "bad\rvalue");
  result.unit = "a\x1b[1m.service";
  result.notes = {"a\nnote"};
  result.not_of_the_sandbox = {"Type\x1b[0m"};
  result.exempt = {{"ExecStartPre", "+", "dir\x1b/a.service", 3}};
  for (const bool verbose : {false, true}) {
    const auto report = text_report(result, {false, verbose, 100});
    EXPECT_EQ(report.find_first_of("\x1b\r\x07"), std::string::npos) << report;
    EXPECT_THAT(report, HasSubstr("note      a\\nnote"));
  }
}

TEST(TextReport, ThereIsColourOnlyWhereItIsAskedFor) {
  const auto result = unit_with("ProtectSystem", "strict", Status::held);
  EXPECT_THAT(text_report(result, {false, true, 100}), Not(HasSubstr("\x1b")));
  EXPECT_THAT(text_report(result, {true, false, 100}), HasSubstr("\x1b[32mheld\x1b[0m"));
}

TEST(TextReport, AUnitWithoutAUserIsRoots) {
  EXPECT_THAT(text_report(unit_with("ProtectSystem", "strict", Status::held), {}),
              HasSubstr("user root"));
}

TEST(TextReport, AUnitWithoutDirectivesIsToldSo) {
  CheckResult result;
  result.unit = "a.service";
  EXPECT_THAT(text_report(result, {}), HasSubstr("\n0 directives\n"));
}

TEST(TextReport, AnIgnoredDirectiveSaysWhereAndWhy) {
  const auto report =
      text_report(unit_with("PrivatePIDs", "yes", Status::ignored, "unknown to systemd 252"), {});
  EXPECT_THAT(report, AllOf(HasSubstr("ignored  PrivatePIDs=yes  the manager does not have it"),
                            HasSubstr("/etc/systemd/system/a.service:7: unknown to systemd 252")));
}

TEST(TextReport, TheWorstComesFirstAndEqualsKeepTheirOrder) {
  auto result = unit_with("A", "yes", Status::held);
  for (const auto& [name, status] :
       {std::pair{"B", Status::ignored}, {"C", Status::held}, {"D", Status::unproven}}) {
    result.directives.push_back(unit_with(name, "yes", status).directives[0]);
  }
  const auto report = text_report(result, {});
  const auto place = [&](const char* text) { return report.find(text); };
  EXPECT_LT(place("B=yes"), place("D=yes"));
  EXPECT_LT(place("D=yes"), place("A=yes"));
  EXPECT_LT(place("A=yes"), place("C=yes"));
}

TEST(TextReport, AReproduceLineIsNeverBroken) {
  auto result = unit_with("ProtectSystem", "strict", Status::leaked);
  AttemptResult attempt;
  attempt.attempt = {"fs-write", {"/etc"}};
  attempt.directives = {"ProtectSystem"};
  const auto allowed = Outcome::allowed();
  attempt.square = {allowed, allowed, allowed, allowed};
  attempt.judgement = {Verdict::leaked, Proof::none, "allowed for the unit's user"};
  attempt.reproduce = "systemd-run " + std::string(200, 'x') + " fs-write /etc";
  result.attempts = {attempt};
  EXPECT_THAT(text_report(result, {false, false, 60}), HasSubstr("$ " + attempt.reproduce + "\n"));
}

TEST(TextReport, ALeakThatOnlyRootHasShowsRootsCells) {
  auto result = unit_with("ProtectSystem", "strict", Status::leaked);
  AttemptResult attempt;
  attempt.attempt = {"fs-write", {"/etc"}};
  attempt.directives = {"ProtectSystem"};
  attempt.square = {Outcome::denied(EACCES), Outcome::allowed(), Outcome::denied(EACCES),
                    Outcome::allowed()};
  attempt.judgement = {Verdict::leaked, Proof::none, "allowed for root"};
  result.attempts = {attempt};
  EXPECT_THAT(text_report(result, {}),
              HasSubstr("fs-write /etc: root allowed; bare root: allowed"));
}

TEST(TextReport, AListThatIsTooLongIsCut) {
  std::string families;
  for (int i = 0; i < 30; ++i) families += "AF_FAMILY" + std::to_string(i) + " ";
  const auto report = text_report(unit_with("RestrictAddressFamilies", families, Status::held), {});
  EXPECT_THAT(report, HasSubstr("RestrictAddressFamilies=AF_FAMI…"));
  for (const auto& line : split(report, '\n')) EXPECT_LE(columns(line), 100U) << line;
}

}  // namespace
}  // namespace sandproof::report
