#include "regression/fail_on.h"

#include <gmock/gmock.h>

#include "regression/units_for_tests.h"

namespace sandproof::regression {
namespace {

using testing::ElementsAre;

TEST(FailOn, AListIsReadWithItsBlanks) {
  const auto statuses = parse_statuses("leaked, no-probe");
  ASSERT_TRUE(statuses);
  EXPECT_THAT(*statuses, ElementsAre(Status::leaked, Status::no_probe));
}

TEST(FailOn, WhatIsNoStatusIsTold) {
  for (const auto* list : {"leaky", "", "leaked,", "held"}) {
    const auto statuses = parse_statuses(list);
    ASSERT_FALSE(statuses) << list;
    EXPECT_EQ(statuses.error().kind, Error::Kind::bad_input);
  }
  EXPECT_EQ(parse_statuses("leaky").error().message,
            "--fail-on: \"leaky\" is none of leaked, bypassed, overblocked, ignored, unproven, "
            "untestable, no-probe, off");
}

TEST(FailOn, TheUsualFindingsChangeNothing) {
  auto result = unit({directive("A", Status::leaked), directive("B", Status::unproven)});
  fail_on(result, usual_findings());
  for (const auto& one : result.directives) {
    EXPECT_EQ(one.standing.kind, Standing::Kind::as_status);
  }
}

TEST(FailOn, OnlyWhatIsNamedIsAFinding) {
  auto result = unit({directive("A", Status::overblocked), directive("B", Status::unproven),
                      directive("C", Status::held)});
  fail_on(result, {Status::unproven});
  EXPECT_FALSE(result.directives[0].is_finding());
  EXPECT_EQ(result.directives[0].standing.because, "left out of --fail-on");
  EXPECT_TRUE(result.directives[1].is_finding());
  EXPECT_FALSE(result.directives[2].is_finding());
  EXPECT_TRUE(result.has_finding(false));
}

}  // namespace
}  // namespace sandproof::regression
