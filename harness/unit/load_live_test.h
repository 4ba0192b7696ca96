// What the live tests of units share: units of the test's own, loaded by a throwaway systemd.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "testing/folder.h"
#include "unit/load.h"
#include "unit/pristine.h"

namespace sandproof::testing_support {

inline std::string units(const std::string& name) { return SANDPROOF_SOURCE_DIR "/units/" + name; }

class LoadUnit : public InFolder {
 protected:
  void SetUp() override {
    InFolder::SetUp();
    auto manager = boot_throwaway({});
    ASSERT_TRUE(manager) << manager.error().message;
    manager_ = *std::move(manager);
    auto pristine = pristine_properties(*manager_);
    ASSERT_TRUE(pristine) << pristine.error().message;
    pristine_ = *std::move(pristine);
  }

  void put_into_the_throwaway(const std::string& path, const std::string& content) const {
    ASSERT_TRUE(manager_->files().make_folders(std::filesystem::path(path).parent_path().string()));
    ASSERT_TRUE(manager_->files().write_new(path, content, 0644));
  }

  LoadedUnit load(const std::string& what) {
    auto loaded = load_unit(*manager_, what, pristine_);
    EXPECT_TRUE(loaded) << loaded.error().message;
    return loaded ? *std::move(loaded) : LoadedUnit();
  }
  LoadedUnit load_text(const std::string& text) {
    return load(file("x.service", "[Service]\nExecStart=/bin/true\n" + text));
  }
  std::string error_of(const std::string& what) {
    const auto loaded = load_unit(*manager_, what, pristine_);
    if (loaded) return "";
    EXPECT_EQ(loaded.error().kind, Error::Kind::bad_input);
    return loaded.error().message;
  }

  // "NAME=VALUE", with "NAME:" for a file's name and what systemd says cut short: its words change
  // from version to version.
  std::vector<std::string> written(const std::vector<Directive>& directives, bool ignored) const {
    std::vector<std::string> result;
    for (const auto& directive : directives) {
      if (directive.is_ignored() != ignored || directive.implied_by) continue;
      std::string because = directive.ignored_because;
      if (because.starts_with("systemd says ")) because = "systemd says";
      std::string text = std::to_string(directive.line) + " " + directive.name + "=" +
                         directive.value + (ignored ? ": " + because : "");
      for (auto at = text.find(folder_.string()); at != std::string::npos;
           at = text.find(folder_.string())) {
        text.erase(at, folder_.string().size() + 1);
      }
      result.push_back(std::move(text));
    }
    return result;
  }
  std::vector<std::string> ignored(const LoadedUnit& loaded) const {
    return written(loaded.unit.directives, true);
  }
  std::vector<std::string> in_force(const LoadedUnit& loaded) const {
    return written(loaded.unit.directives, false);
  }
  static std::vector<std::string> implied(const LoadedUnit& loaded) {
    std::vector<std::string> result;
    for (const auto& directive : loaded.unit.directives) {
      if (!directive.implied_by) continue;
      result.push_back(*directive.implied_by + ": " + directive.name + "=" + directive.value);
    }
    return result;
  }

  std::string version() const { return std::to_string(manager_->facts().systemd); }

  std::unique_ptr<Manager> manager_;
  Properties pristine_;
};

}  // namespace sandproof::testing_support
