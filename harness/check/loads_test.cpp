// Loads as they are concluded from what ablations showed.
#include "check/loads.h"

#include <gmock/gmock.h>

namespace sandproof {
namespace {

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;
using testing::SizeIs;

DirectiveResult directive_of(const std::string& name, const std::string& implied_by = {}) {
  DirectiveResult result;
  result.directive.name = name;
  result.status = Status::held;
  if (!implied_by.empty()) result.directive.implied_by = implied_by;
  return result;
}

CheckResult result_of(std::vector<DirectiveResult> directives, std::size_t attempts) {
  CheckResult result;
  result.directives = std::move(directives);
  result.attempts.resize(attempts);
  return result;
}

TEST(ConcludeLoads, WhatFlipsAnAttemptAloneBearsItAndIsNotShared) {
  auto result = result_of({directive_of("A"), directive_of("B")}, 1);
  conclude_loads({.bearing = {{0, {"A"}}}, .shared = {}, .untried = {}}, result);
  EXPECT_EQ(result.directives[0].load, Load::bearing);
  EXPECT_EQ(result.directives[1].load, Load::idle);
  EXPECT_THAT(result.attempts[0].carried_by, Optional(ElementsAre("A")));
  EXPECT_FALSE(result.attempts[0].is_shared);
}

TEST(ConcludeLoads, AnAttemptThatNeedsTwoDirectivesIsCarriedByEach) {
  auto result = result_of({directive_of("A"), directive_of("B")}, 1);
  conclude_loads({.bearing = {{0, {"A", "B"}}}, .shared = {}, .untried = {}}, result);
  EXPECT_EQ(result.directives[0].load, Load::bearing);
  EXPECT_EQ(result.directives[1].load, Load::bearing);
  EXPECT_FALSE(result.attempts[0].is_shared);
}

TEST(ConcludeLoads, ThoseThatEachStopAnAttemptShareIt) {
  auto result = result_of({directive_of("A"), directive_of("B"), directive_of("C")}, 2);
  conclude_loads({.bearing = {}, .shared = {{0, {"A", "B"}}, {1, {"A", "B", "C"}}}, .untried = {}},
                 result);
  for (const auto& directive : result.directives) EXPECT_EQ(directive.load, Load::shared);
  EXPECT_THAT(result.attempts[0].carried_by, Optional(ElementsAre("A", "B")));
  EXPECT_THAT(result.attempts[1].carried_by, Optional(ElementsAre("A", "B", "C")));
  EXPECT_TRUE(result.attempts[0].is_shared);
  EXPECT_TRUE(result.attempts[1].is_shared);
}

TEST(ConcludeLoads, WhatIsImpliedStandsWithWhatImpliesIt) {
  auto result =
      result_of({directive_of("DynamicUser"), directive_of("ProtectSystem", "DynamicUser"),
                 directive_of("RemoveIPC", "Slice, DynamicUser")},
                1);
  conclude_loads({.bearing = {{0, {"DynamicUser"}}}, .shared = {}, .untried = {}}, result);
  for (const auto& directive : result.directives) EXPECT_EQ(directive.load, Load::bearing);
}

TEST(ConcludeLoads, WhatWasNotTriedHasNone) {
  auto result = result_of({directive_of("A"), directive_of("B")}, 1);
  conclude_loads({.bearing = {{0, {"B"}}}, .shared = {}, .untried = {"A"}}, result);
  EXPECT_EQ(result.directives[0].load, std::nullopt);
  EXPECT_EQ(result.directives[1].load, Load::bearing);
}

TEST(ConcludeLoads, WhatCouldNotBeTriedIsNotIdle) {
  auto result = result_of({directive_of("A"), directive_of("B"), directive_of("C")}, 1);
  result.directives[0].status = Status::untestable;
  result.directives[1].status = Status::untestable;
  result.directives[2].status = Status::no_probe;
  conclude_loads({.bearing = {{0, {"B"}}}, .shared = {}, .untried = {}}, result);
  EXPECT_EQ(result.directives[0].load, std::nullopt);
  EXPECT_EQ(result.directives[1].load, Load::bearing);
  EXPECT_EQ(result.directives[2].load, std::nullopt);
}

TEST(ConcludeLoads, AnIgnoredDirectiveHasNone) {
  auto result = result_of({directive_of("A")}, 0);
  result.directives[0].directive.ignored_because = "unknown";
  conclude_loads({}, result);
  EXPECT_EQ(result.directives[0].load, std::nullopt);
}

TEST(Slices, AreAsManyAsTheNamesOfOneAndAHalfOfThem) {
  EXPECT_THAT(slices({}), IsEmpty());
  EXPECT_THAT(slices({"A"}), ElementsAre(Names{"A"}));
  EXPECT_THAT(slices({"A", "B", "C"}), ElementsAre(Names{"A", "B"}, Names{"C"}));
  const std::vector<std::string> many = {"A", "B", "C", "D", "E", "F", "G", "H",
                                         "I", "J", "K", "L", "M", "N", "O", "P",
                                         "Q", "R", "S", "T", "U", "V", "W", "X"};
  EXPECT_THAT(slices(many), AllOf(SizeIs(6), Each(SizeIs(4))));
}

TEST(GroupsThatLeaveAStopper, PutsTogetherWhatStopsDifferentThings) {
  EXPECT_THAT(groups_that_leave_a_stopper({"A", "B", "C", "D"}, {{"A", "B"}, {"C", "D"}}),
              ElementsAre(Names{"A", "C"}, Names{"B", "D"}));
}

TEST(GroupsThatLeaveAStopper, LeavesOneOfMany) {
  EXPECT_THAT(groups_that_leave_a_stopper({"A", "B", "C"}, {{"A", "B", "C"}}),
              ElementsAre(Names{"A", "B"}, Names{"C"}));
}

TEST(GroupsThatLeaveAStopper, WhatAloneStopsSomethingIsInNone) {
  EXPECT_THAT(groups_that_leave_a_stopper({"A", "B"}, {{"A"}}), ElementsAre(Names{"B"}));
}

TEST(GroupsThatLeaveAStopper, WhatStopsNothingIsOneGroup) {
  EXPECT_THAT(groups_that_leave_a_stopper({"A", "B"}, {{}}), ElementsAre(Names{"A", "B"}));
}

}  // namespace
}  // namespace sandproof
