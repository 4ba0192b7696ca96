#include "regression/baseline.h"

#include <gmock/gmock.h>

#include "regression/units_for_tests.h"

namespace sandproof::regression {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

CheckResult held_against(const CheckResult& baseline, const CheckResult& now,
                         const std::optional<std::set<Status>>& statuses = {}) {
  std::vector<CheckResult> results = {now};
  hold_against(results, std::vector{baseline}, statuses);
  return results[0];
}

TEST(Baseline, WhatItKnowsIsExcused) {
  const auto leaky = unit({directive("A", Status::leaked)});
  const auto result = held_against(leaky, leaky);
  EXPECT_FALSE(result.has_finding(false));
  EXPECT_EQ(result.directives[0].standing.kind, Standing::Kind::excused);
  EXPECT_EQ(result.directives[0].standing.because, "was leaked in the baseline");
}

TEST(Baseline, WhatGotWorseIsAFinding) {
  const auto result =
      held_against(unit({directive("A", Status::held)}), unit({directive("A", Status::unproven)}));
  EXPECT_TRUE(result.has_finding(false));
  EXPECT_EQ(result.directives[0].standing.because, "was held in the baseline");
}

TEST(Baseline, WhatGotBetterIsTold) {
  const auto result =
      held_against(unit({directive("A", Status::leaked)}), unit({directive("A", Status::held)}));
  EXPECT_FALSE(result.has_finding(false));
  EXPECT_THAT(result.notes, ElementsAre("better than the baseline: A was leaked, is held"));
}

TEST(Baseline, ADirectiveThatIsGoneIsAFindingOfTheUnit) {
  const auto result = held_against(unit({directive("A", Status::held)}), unit({}));
  EXPECT_TRUE(result.has_finding(false));
  ASSERT_EQ(result.further.size(), 1U);
  EXPECT_EQ(result.further[0].title, "A is gone");
  EXPECT_EQ(result.further[0].text, "was held in the baseline");
  EXPECT_EQ(result.further[0].directive, "A");
}

TEST(Baseline, AnAttemptThatGotWorseAccusesItsDirective) {
  auto was =
      unit({directive("A", Status::leaked)}, {attempt("A", {"fs-list", {"/home"}}, Verdict::leaked),
                                              attempt("A", {"fs-list", {"/root"}}, Verdict::held)});
  auto is = was;
  is.attempts[1].judgement.verdict = Verdict::leaked;
  const auto result = held_against(was, is);
  EXPECT_TRUE(result.directives[0].is_finding());
  EXPECT_EQ(result.directives[0].standing.because,
            "fs-list /root was held in the baseline, is leaked");
}

TEST(Baseline, ANewDirectiveThatLeaksIsAFinding) {
  const auto result = held_against(unit({}), unit({directive("A", Status::leaked)}));
  EXPECT_TRUE(result.directives[0].is_finding());
  EXPECT_EQ(result.directives[0].standing.because, "is not in the baseline");
}

TEST(Baseline, OfWhatGotWorseOnlyTheChosenStatusesCount) {
  const auto was = unit({directive("A", Status::held), directive("B", Status::held)});
  const auto is = unit({directive("A", Status::ignored), directive("B", Status::leaked)});
  const auto result = held_against(was, is, std::set{Status::leaked});
  EXPECT_FALSE(result.directives[0].is_finding());
  EXPECT_EQ(result.directives[0].standing.because,
            "was held in the baseline, and left out of --fail-on");
  EXPECT_TRUE(result.directives[1].is_finding());
}

TEST(Baseline, AUnitThatItDoesNotKnowIsLeftAsItIs) {
  const auto result =
      held_against(unit({}, {}, "b.service"), unit({directive("A", Status::leaked)}));
  EXPECT_TRUE(result.has_finding(false));
  EXPECT_THAT(result.notes, ElementsAre("the baseline does not know this unit"));
}

TEST(Baseline, AUnitThatWasNotCheckedIsNoFinding) {
  std::vector<CheckResult> results = {unit({})};
  hold_against(results,
               std::vector{unit({}), unit({directive("A", Status::held)}, {}, "b.service")}, {});
  EXPECT_FALSE(results[0].has_finding(false));
  EXPECT_THAT(results[0].notes, IsEmpty());
}

TEST(Baseline, AnUpdateKeepsTheUnitsThatWereNotChecked) {
  const auto a = unit({directive("A", Status::held)});
  const auto b = unit({}, {}, "b.service");
  const auto c = unit({}, {}, "c.service");
  const auto result = updated({unit({}), b}, std::vector{c, a});
  ASSERT_EQ(result.size(), 3U);
  EXPECT_EQ(result[0].directives.size(), 1U);
  EXPECT_EQ(result[1].unit, "b.service");
  EXPECT_EQ(result[2].unit, "c.service");
}

}  // namespace
}  // namespace sandproof::regression
