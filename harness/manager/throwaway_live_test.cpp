#include <gtest/gtest.h>

#include <filesystem>

#include "manager/manager.h"

namespace sandproof {
namespace {

TEST(Throwaway, AnswersForItself) {
  const auto manager = boot_throwaway({});
  ASSERT_TRUE(manager) << manager.error().message;
  EXPECT_GE((*manager)->facts().systemd, 247);
  EXPECT_EQ((*manager)->facts().virtualization, "container-other");
}

TEST(Throwaway, WhatIsWrittenInItStaysInIt) {
  const auto manager = boot_throwaway({});
  ASSERT_TRUE(manager) << manager.error().message;
  const std::string name = "/etc/sandproof-throwaway-test";
  ASSERT_TRUE((*manager)->files().write_new(name, "x", 0644));
  EXPECT_FALSE(std::filesystem::exists(name));
}

TEST(Throwaway, ARootWithoutSystemdIsBadInput) {
  const auto manager = boot_throwaway({.root = "/proc/self"});
  ASSERT_FALSE(manager);
  EXPECT_EQ(manager.error().kind, Error::Kind::bad_input);
}

}  // namespace
}  // namespace sandproof
