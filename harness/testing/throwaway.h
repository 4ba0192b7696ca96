// What live tests share: a throwaway systemd, and the probes of the build tree.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>

#include "base/rooted.h"
#include "manager/manager.h"

namespace sandproof::testing_support {

// The folder of the probes in the build tree that the test belongs to.
inline std::filesystem::path probes() {
  return std::filesystem::path(SANDPROOF_BINARY_DIR) / "probes";
}

// A fixture with one throwaway for all its tests: they name their units themselves, so they do not
// meet. A machine on which none can be booted fails the tests; it does not pass them.
class OnThrowaway : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto booted = boot_throwaway({});
    ASSERT_TRUE(booted) << booted.error().message;
    manager_ = *std::move(booted);
  }
  static void TearDownTestSuite() { manager_.reset(); }
  void SetUp() override { ASSERT_NE(manager_, nullptr); }

  static Manager& manager() { return *manager_; }

  // Where install() puts the program.
  static constexpr const char* home = "/opt/sandproof-test";

  // The program and its probes in the throwaway, where they see a host whose PID 1 is systemd. The
  // build tree may lie where a throwaway has a file system of its own, such as /tmp.
  static void install() {
    if (manager().files().exists(home)) return;
    ASSERT_TRUE(manager().files().make_folders(std::string(home) + "/probes"));
    copy(std::string(SANDPROOF_BINARY_DIR) + "/sandproof", std::string(home) + "/sandproof");
    for (const auto& entry : std::filesystem::directory_iterator(probes())) {
      const std::string name = entry.path().filename().string();
      if (entry.is_regular_file() && name.find('.') == std::string::npos) {
        copy(entry.path().string(), std::string(home) + "/probes/" + name);
      }
    }
  }

 private:
  static void copy(const std::string& from, const std::string& to) {
    const auto machine = RootedFs::open("/");
    ASSERT_TRUE(machine);
    const auto content = machine->read(from);
    ASSERT_TRUE(content) << content.error().message;
    const auto written = manager().files().write_new(to, *content, 0755);
    ASSERT_TRUE(written) << written.error().message;
  }

  static inline std::unique_ptr<Manager> manager_;
};

}  // namespace sandproof::testing_support
