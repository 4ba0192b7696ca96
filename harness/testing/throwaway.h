// What live tests share: a throwaway systemd, and the probes of the build tree.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>

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

 private:
  static inline std::unique_ptr<Manager> manager_;
};

}  // namespace sandproof::testing_support
