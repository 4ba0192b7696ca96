#include "unit/known.h"

#include <gtest/gtest.h>

namespace sandproof::unit {
namespace {

constexpr const char* dump =
    "[Unit]\nDescription=STRING\nAfter=UNIT [...]\n\n[Socket]\nListenStream=SOCKET\n\n"
    "[Service]\nUser=STRING\nPrivateTmp=BOOLEAN\n\n[Install]\nWantedBy=UNIT [...]\n";

TEST(Known, OnlyAServicesSectionsCount) {
  const auto names = KnownNames::parse(dump);
  EXPECT_TRUE(names.knows("Service", "PrivateTmp"));
  EXPECT_FALSE(names.knows("Unit", "PrivateTmp"));
  EXPECT_FALSE(names.knows_section("Socket"));
  EXPECT_EQ(names.section_of("After"), "Unit");
  EXPECT_EQ(names.section_of("ListenStream"), "");
}

TEST(Known, PropertiesBelongToDirectives) {
  EXPECT_EQ(directive_of("CPUQuotaPerSecUSec"), "CPUQuota");
  EXPECT_EQ(directive_of("RestartUSec"), "RestartSec");
  EXPECT_EQ(directive_of("PrivateTmpEx"), "PrivateTmp");
  EXPECT_EQ(directive_of("LimitNOFILESoft"), "LimitNOFILE");
  EXPECT_EQ(directive_of("ReadWriteDirectories"), "ReadWritePaths");
  EXPECT_EQ(directive_of("UMask"), "UMask");
  EXPECT_EQ(property_of("CPUQuota"), "CPUQuotaPerSecUSec");
  EXPECT_EQ(property_of("TimerSlackNSec"), "TimerSlackNSec");
  EXPECT_EQ(directive_of("CPUAffinityFromNUMA"), "CPUAffinity");
  EXPECT_EQ(property_of("CPUAffinity"), "CPUAffinity");
}

TEST(Known, WhatNobodyKnowsIsNotLeftOut) {
  EXPECT_TRUE(is_of_the_sandbox("ProtectSystem"));
  EXPECT_TRUE(is_of_the_sandbox("ProtectFromTheFuture"));
  EXPECT_FALSE(is_of_the_sandbox("Environment"));
  EXPECT_FALSE(is_of_the_sandbox("Type"));
  EXPECT_FALSE(is_of_the_sandbox("LogNamespace"));
}

TEST(Known, VersionsThatBroughtANameOrAValue) {
  EXPECT_EQ(needs_systemd("PrivatePIDs", "yes"), 257);
  EXPECT_EQ(needs_systemd("PrivateTmp", "disconnected"), 257);
  EXPECT_EQ(needs_systemd("PrivateTmp", "yes"), 0);
}

}  // namespace
}  // namespace sandproof::unit
