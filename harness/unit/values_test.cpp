#include "unit/values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sandproof::unit {
namespace {

using testing::ElementsAre;

Settings settings_with(const std::string& property, Value value) {
  return Settings({{property, std::move(value)}}, {});
}

TEST(Values, BooleansHaveSystemdsSpellings) {
  for (const char* yes : {"1", "yes", "Yes", "y", "true", "t", "on", "ON"}) {
    EXPECT_EQ(parse_boolean(yes), true) << yes;
  }
  for (const char* no : {"0", "no", "n", "false", "f", "off"}) {
    EXPECT_EQ(parse_boolean(no), false) << no;
  }
  for (const char* neither : {"", "ja", "yes # really", "2"}) {
    EXPECT_EQ(parse_boolean(neither), std::nullopt) << neither;
  }
}

TEST(Values, ASpellingIsNoDifference) {
  EXPECT_TRUE(is_same_value("true", "yes"));
  EXPECT_FALSE(is_same_value("full", "yes"));
}

TEST(Values, WhatIsStricterIsNoLoss) {
  EXPECT_TRUE(is_at_least_as_strict("ProtectSystem", "full", "strict"));
  EXPECT_FALSE(is_at_least_as_strict("ProtectSystem", "strict", "full"));
  EXPECT_TRUE(is_at_least_as_strict("PrivateNetwork", "no", "yes"));
  EXPECT_FALSE(is_at_least_as_strict("PrivateNetwork", "yes", "no"));
  EXPECT_TRUE(is_at_least_as_strict("CapabilityBoundingSet", "CAP_KILL", ""));
  EXPECT_FALSE(is_at_least_as_strict("SystemCallFilter", "@system-service", ""));
}

TEST(Values, AMisspeltCapabilityIsFound) {
  EXPECT_THAT(unknown_capabilities({"~CAP_SYS_ADMIN", "cap_kill", "CAP_TYPO", "7", "99"}),
              ElementsAre("CAP_TYPO", "99"));
  EXPECT_THAT(unknown_capabilities({"CAP_KILL,CAP_CHOWN"}), ElementsAre("CAP_KILL,CAP_CHOWN"));
}

TEST(Values, ACoredumpFilterIsANumberOrNames) {
  EXPECT_EQ(coredump_filter({"0x1ff"}), 0x1ff);
  EXPECT_EQ(coredump_filter({"33"}), coredump_filter_by_default);
  EXPECT_EQ(coredump_filter({"default", "shared-dax"}), 0x133);
  EXPECT_EQ(coredump_filter({"private-anonymous", "elf-headers"}), 0x11);
  EXPECT_EQ(coredump_filter({"everything"}), std::nullopt);
}

TEST(Values, AnOffSwitchContradictsAnOnLine) {
  const auto off = settings_with("PrivateNetwork", Value::boolean(false));
  EXPECT_EQ(contradiction("PrivateNetwork", "yes", off), "no");
  EXPECT_EQ(contradiction("PrivateNetwork", "no", off), std::nullopt);
}

TEST(Values, AStricterSettingContradictsNothing) {
  const auto strict = settings_with("ProtectSystem", Value::text("strict"));
  EXPECT_EQ(contradiction("ProtectSystem", "full", strict), std::nullopt);
  EXPECT_EQ(
      contradiction("ProtectSystem", "yes", settings_with("ProtectSystem", Value::text("no"))),
      "no");
}

TEST(Values, SpecifiersAreNotCompared) {
  const auto user = settings_with("User", Value::text("a"));
  EXPECT_EQ(contradiction("User", "%i", user), std::nullopt);
}

TEST(Values, TheTwinHasTheWholeValue) {
  const Settings settings(
      {{"PrivateTmp", Value::boolean(true)}, {"PrivateTmpEx", Value::text("disconnected")}}, {});
  EXPECT_EQ(effective_value("PrivateTmp", settings), "disconnected");
  EXPECT_EQ(contradiction("PrivateTmp", "disconnected", settings), std::nullopt);
}

TEST(Values, TheTwinsWordForYesIsYes) {
  const Settings settings({{"PrivateTmp", Value::boolean(true)},
                           {"PrivateTmpEx", Value::text("connected")},
                           {"PrivateUsers", Value::boolean(true)},
                           {"PrivateUsersEx", Value::text("self")}},
                          {});
  EXPECT_EQ(effective_value("PrivateTmp", settings), "yes");
  EXPECT_EQ(contradiction("PrivateTmp", "true", settings), std::nullopt);
  EXPECT_EQ(contradiction("PrivateUsers", "self", settings), std::nullopt);
}

TEST(Values, CapabilitySetsAreWrittenTheShortWay) {
  constexpr std::uint64_t all = (std::uint64_t{1} << 41) - 1;
  constexpr std::uint64_t mknod_and_rawio =
      std::uint64_t{1} << 27 | std::uint64_t{1} << 17;  // CAP_MKNOD, CAP_SYS_RAWIO
  EXPECT_EQ(effective_value(
                "CapabilityBoundingSet",
                settings_with("CapabilityBoundingSet", Value::unsigned_64(all & ~mknod_and_rawio))),
            "~CAP_SYS_RAWIO CAP_MKNOD");
  EXPECT_EQ(effective_value("AmbientCapabilities",
                            settings_with("AmbientCapabilities", Value::unsigned_64(1 << 10))),
            "CAP_NET_BIND_SERVICE");
}

}  // namespace
}  // namespace sandproof::unit
