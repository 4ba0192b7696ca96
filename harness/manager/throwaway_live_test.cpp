#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <iostream>
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

// In a chroot(2) into a folder, in which the machine is to be seen.
class ThrowawayInAChroot : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "sandproof.XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    root_ = name;
    // Others than root have to get through it.
    std::filesystem::permissions(root_, std::filesystem::perms(0755));
    mark_ = "/var/tmp/" + root_.filename().string();
  }
  void TearDown() override {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }

  std::string path(const std::string& name) const { return (root_ / name).string(); }

  // Exits with what the command does in a throwaway there.
  [[noreturn]] void run(const std::function<bool()>& show_machine) const {
    if (unshare(CLONE_NEWNS) < 0 ||
        mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) < 0 || !show_machine() ||
        chroot(path(".").c_str()) < 0 || chdir("/") < 0) {
      _exit(100);
    }
    const auto manager = boot_throwaway({});
    if (!manager) {
      std::cerr << manager.error().message;
      _exit(101);
    }
    const auto status = (*manager)->run_inside({"sh", "-c", "cat /proc/1/comm; touch " + mark_});
    _exit(status ? *status : 102);
  }

  // "usr"; "." is all of the machine.
  bool show(const std::string& folder) const {
    return mount(("/" + folder).c_str(), path(folder).c_str(), nullptr, MS_BIND | MS_REC,
                 nullptr) == 0;
  }

  std::filesystem::path root_;
  // What a command makes in the throwaway, and nobody is to find on the machine.
  std::string mark_;
};

TEST_F(ThrowawayInAChroot, WhatIsWrittenInItStaysInIt) {
  EXPECT_EXIT(run([this] { return show("."); }), testing::ExitedWithCode(0), "");
  EXPECT_FALSE(std::filesystem::exists(mark_));
}

TEST_F(ThrowawayInAChroot, AFolderThatIsNoMountIsARootLikeAnother) {
  for (const char* folder : {"usr", "etc", "proc", "sys", "dev", "tmp", "run", "var/tmp"}) {
    std::filesystem::create_directories(path(folder));
  }
  for (const std::string link : {"bin", "sbin", "lib", "lib64"}) {
    std::filesystem::create_symlink("usr/" + link, path(link));
  }
  const auto show_machine = [this] {
    return show("usr") && show("etc") && show("proc") && show("sys") && show("dev");
  };
  EXPECT_EXIT(run(show_machine), testing::ExitedWithCode(0), "");
  EXPECT_FALSE(std::filesystem::exists(path(mark_.substr(1))));
  EXPECT_FALSE(std::filesystem::exists(mark_));
}

TEST(Throwaway, ARootWithoutSystemdIsBadInput) {
  const auto manager = boot_throwaway({.root = "/proc/self"});
  ASSERT_FALSE(manager);
  EXPECT_EQ(manager.error().kind, Error::Kind::bad_input);
}

}  // namespace
}  // namespace sandproof
