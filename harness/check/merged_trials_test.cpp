// Trials in the cells that show them, and what those say of the trials.
#include "check/merged_trials.h"

#include <gmock/gmock.h>

namespace sandproof {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

constexpr auto user = Cell::sandboxed_user;
const Names unit = {"LockPersonality",    "NoNewPrivileges",  "ProtectHome",
                    "RestrictNamespaces", "SystemCallFilter", "User"};
const Names filters = {"LockPersonality", "SystemCallFilter"};
// Attempts by what stops each; of the fourth that is not known.
const Stoppers known = {{0, {"ProtectHome"}}, {1, {"SystemCallFilter"}}, {2, {"LockPersonality"}}};

Names with_filters(Names names) {
  names.insert(filters.begin(), filters.end());
  return names;
}

TEST(MergedTrials, OneCellIsWithoutAllFilters) {
  const MergedTrials merged({{{"SystemCallFilter"}, user, {1}}, {{"LockPersonality"}, user, {2}}},
                            unit, known, {});
  ASSERT_THAT(merged.cells(), SizeIs(1));
  EXPECT_EQ(merged.cells()[0].without, filters);
  EXPECT_THAT(merged.cells()[0].attempts, ElementsAre(1, 2));
  EXPECT_THAT(
      merged.effects_of({{{1, Effect::flipped}, {2, Effect::same}}}),
      ElementsAre(ElementsAre(Pair(1, Effect::flipped)), ElementsAre(Pair(2, Effect::same))));
}

TEST(MergedTrials, WhatAFilterThatIsLeftStopsIsNotTried) {
  const MergedTrials merged({{{"ProtectHome"}, user, {1}}}, unit, known, {});
  EXPECT_THAT(merged.cells(), IsEmpty());
  EXPECT_THAT(merged.effects_of({}), ElementsAre(ElementsAre(Pair(1, Effect::same))));
}

TEST(MergedTrials, WithoutTheFiltersAloneAllEndsAsItDid) {
  const MergedTrials merged({{{"ProtectHome"}, user, {0}}}, unit, known, {});
  ASSERT_THAT(merged.cells(), SizeIs(2));
  EXPECT_EQ(merged.cells()[0].without, with_filters({"ProtectHome"}));
  EXPECT_EQ(merged.cells()[1].without, filters);
  EXPECT_THAT(merged.contradicted_by({{{0, Effect::flipped}}, {{0, Effect::same}}}), IsEmpty());
  EXPECT_THAT(merged.contradicted_by({{{0, Effect::flipped}}, {{0, Effect::flipped}}}),
              ElementsAre(0));
}

TEST(MergedTrials, WhatIsUnclearHasACellOfItsOwn) {
  const MergedTrials merged({{{"ProtectHome"}, user, {0}}}, unit, known, {0});
  ASSERT_THAT(merged.cells(), SizeIs(1));
  EXPECT_EQ(merged.cells()[0].without, Names{"ProtectHome"});
}

// Of the attempt that is not known, only that it does not need the filters.
TEST(MergedTrials, ACellThatHasToBeShowsAllThatNoFilterStops) {
  const MergedTrials merged({{{"ProtectHome"}, user, {0, 1, 3}}, {{"SystemCallFilter"}, user, {3}}},
                            unit, known, {});
  ASSERT_THAT(merged.cells(), SizeIs(2));
  EXPECT_EQ(merged.cells()[0].without, Names{"ProtectHome"});
  EXPECT_THAT(merged.cells()[0].attempts, ElementsAre(0, 3));
  EXPECT_EQ(merged.cells()[1].without, filters);
  EXPECT_THAT(merged.cells()[1].attempts, ElementsAre(3));
}

TEST(MergedTrials, NothingIsMergedForAnotherUserOrForTheUnitAsItIs) {
  const MergedTrials merged({{{}, user, {0, 1}}, {{"User"}, user, {0, 1}}}, unit, known, {});
  ASSERT_THAT(merged.cells(), SizeIs(2));
  EXPECT_THAT(merged.cells()[0].without, IsEmpty());
  EXPECT_EQ(merged.cells()[1].without, Names{"User"});
  EXPECT_THAT(merged.cells()[1].attempts, ElementsAre(0, 1));
}

TEST(MergedTrials, WhatSeveralStopTogetherIsTriedItselfWhereTheWayChanges) {
  const Stoppers together = {{0, {}}};
  const MergedTrials merged({{{"RestrictNamespaces"}, user, {0}}, {{"ProtectHome"}, user, {0}}},
                            unit, together, {});
  ASSERT_THAT(merged.cells(), SizeIs(3));
  EXPECT_EQ(merged.cells()[0].without, Names{"RestrictNamespaces"});
  EXPECT_EQ(merged.cells()[1].without, with_filters({"ProtectHome"}));
}

}  // namespace
}  // namespace sandproof
