// What can be taken away in the place of some directives where system call filters are among those
// in force.
#include "check/filters.h"

#include <gmock/gmock.h>

namespace sandproof {
namespace {

using testing::ElementsAre;
using testing::Eq;
using testing::IsEmpty;
using testing::Optional;

const Names unit = {"CapabilityBoundingSet", "LockPersonality",  "NoNewPrivileges", "ProtectHome",
                    "RestrictNamespaces",    "RestrictRealtime", "SystemCallFilter"};

TEST(Filters, AreThoseThatChangeNoWay) {
  EXPECT_THAT(Filters(unit).names(),
              ElementsAre("LockPersonality", "RestrictRealtime", "SystemCallFilter"));
  EXPECT_THAT(all_filters_of(unit), ElementsAre("LockPersonality", "RestrictNamespaces",
                                                "RestrictRealtime", "SystemCallFilter"));
}

TEST(Filters, AreNoneWhereOneMayBringNoNewPrivilegesAlong) {
  const Filters filters({"LockPersonality", "SystemCallFilter"});
  EXPECT_THAT(filters.names(), IsEmpty());
  EXPECT_THAT(filters.taken_away_for({"SystemCallFilter"}, {"SystemCallFilter"}),
              Optional(ElementsAre("SystemCallFilter")));
}

TEST(Filters, AllGoForTheOneThatStopsTheAttempt) {
  EXPECT_THAT(Filters(unit).taken_away_for({"SystemCallFilter"}, {"SystemCallFilter"}),
              Optional(ElementsAre("LockPersonality", "RestrictRealtime", "SystemCallFilter")));
}

TEST(Filters, AllGoBesideWhatElseIsAway) {
  EXPECT_THAT(Filters(unit).taken_away_for({"CapabilityBoundingSet", "SystemCallFilter"},
                                           {"CapabilityBoundingSet", "SystemCallFilter"}),
              Optional(ElementsAre("CapabilityBoundingSet", "LockPersonality", "RestrictRealtime",
                                   "SystemCallFilter")));
  EXPECT_THAT(Filters(unit).taken_away_for({"ProtectHome"}, {"ProtectHome"}),
              Optional(ElementsAre("LockPersonality", "ProtectHome", "RestrictRealtime",
                                   "SystemCallFilter")));
}

TEST(Filters, OneThatIsLeftStopsTheAttempt) {
  EXPECT_EQ(
      Filters(unit).taken_away_for({"SystemCallFilter"}, {"RestrictRealtime", "SystemCallFilter"}),
      std::nullopt);
  EXPECT_EQ(Filters(unit).taken_away_for({"CapabilityBoundingSet"},
                                         {"CapabilityBoundingSet", "SystemCallFilter"}),
            std::nullopt);
}

TEST(Filters, NothingChangesWithoutOneThatStopsNothing) {
  EXPECT_EQ(Filters(unit).taken_away_for({"LockPersonality"}, {"ProtectHome"}), std::nullopt);
}

TEST(Filters, WhatNoNewPrivilegesStopsIsStoppedAsLongAsItIsThere) {
  const Names stoppers = {"LockPersonality", "NoNewPrivileges", "SystemCallFilter"};
  EXPECT_EQ(Filters(unit).taken_away_for({"SystemCallFilter"}, stoppers), std::nullopt);
  EXPECT_THAT(Filters(unit).taken_away_for(stoppers, stoppers), Optional(Eq(stoppers)));
  EXPECT_FALSE(Filters(unit).stop(stoppers));
}

}  // namespace
}  // namespace sandproof
