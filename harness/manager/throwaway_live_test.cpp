#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

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

// Exits with what the command does in a throwaway of a machine that has /usr at /mnt as well.
[[noreturn]] void run_with_usr_at_mnt(const std::vector<std::string>& command) {
  if (unshare(CLONE_NEWNS) < 0 || mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) < 0 ||
      mount("/usr", "/mnt", nullptr, MS_BIND, nullptr) < 0) {
    _exit(100);
  }
  const auto manager = boot_throwaway({});
  if (!manager) _exit(101);
  const auto status = (*manager)->run_inside(command);
  _exit(status ? *status : 102);
}

TEST(Throwaway, WhatTheMachineHasTwiceIsOneFolderInIt) {
  EXPECT_EXIT(run_with_usr_at_mnt({"sh", "-c", "mkdir /usr/sandproof-test /mnt/sandproof-test"}),
              testing::ExitedWithCode(1), "/mnt/sandproof-test.*: File exists");
}

TEST(Throwaway, ARootWithoutSystemdIsBadInput) {
  const auto manager = boot_throwaway({.root = "/proc/self"});
  ASSERT_FALSE(manager);
  EXPECT_EQ(manager.error().kind, Error::Kind::bad_input);
}

}  // namespace
}  // namespace sandproof
