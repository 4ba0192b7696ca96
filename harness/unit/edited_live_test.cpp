#include <gmock/gmock.h>

#include <filesystem>

#include "unit/edited.h"
#include "unit/load_live_test.h"

namespace sandproof {
namespace {

using testing::Optional;

class Edited : public testing_support::LoadUnit {
 protected:
  void SetUp() override {
    LoadUnit::SetUp();
    loaded_ = load(file("x.service",
                        "[Service]\nExecStart=/bin/true\nProtectHome=yes\nPrivateTmp=yes\n"
                        "SyslogIdentifier=mine\nRuntimeDirectory=%N\n"));
    unit_.emplace(*manager_, loaded_);
  }

  // The value of a property with the edit; nothing where that changes nothing.
  std::optional<std::string> with(const Edit& edit, const std::string& property) {
    const auto settings = unit_->settings(edit);
    EXPECT_TRUE(settings) << settings.error().message;
    if (!settings || !*settings) return {};
    return (*settings)->text(property);
  }

  LoadedUnit loaded_;
  std::optional<EditedUnit> unit_;
};

const Edit without_home{"", {"ProtectHome"}};
const Edit with_clock{"ProtectSystem=strict", {}};
const Edit with_unknown{"ProtectMoon=yes", {}};
const Edit with_the_same{"ProtectHome=yes", {}};

TEST_F(Edited, ALineMoreOrLessIsInTheSettings) {
  ASSERT_TRUE(unit_->prepare({without_home, with_clock}));
  EXPECT_THAT(with(without_home, "ProtectHome"), Optional(std::string("no")));
  EXPECT_THAT(with(with_clock, "ProtectSystem"), Optional(std::string("strict")));
  EXPECT_THAT(with(with_clock, "ProtectHome"), Optional(std::string("yes")));
}

// The folder's time is as it was when systemd looked at it last, as within one tick of the clock.
TEST_F(Edited, ACopyThatSystemdMissesIsReadAfterTheNextChange) {
  ASSERT_TRUE(unit_->prepare({without_home}));
  EXPECT_THAT(with(without_home, "ProtectHome"), Optional(std::string("no")));
  const auto folder = manager_->files().name() / "run/systemd/system";
  const auto seen = std::filesystem::last_write_time(folder);
  ASSERT_TRUE(unit_->prepare({with_clock}));
  std::filesystem::last_write_time(folder, seen);
  EXPECT_THAT(with(with_clock, "ProtectSystem"), Optional(std::string("strict")));
}

TEST_F(Edited, WhatChangesNothingIsNothing) {
  ASSERT_TRUE(unit_->prepare({with_unknown, with_the_same}));
  EXPECT_EQ(with(with_unknown, "ProtectHome"), std::nullopt);
  EXPECT_EQ(with(with_the_same, "ProtectHome"), std::nullopt);
}

TEST_F(Edited, NoEditIsTheUnitAsItIs) {
  EXPECT_THAT(with({}, "ProtectHome"), Optional(std::string("yes")));
  EXPECT_THAT(with({}, "SyslogIdentifier"), Optional(std::string("mine")));
}

TEST_F(Edited, WhatFollowsFromTheCopysNameIsTheUnits) {
  ASSERT_TRUE(unit_->prepare({without_home}));
  const auto settings = unit_->settings(without_home);
  ASSERT_TRUE(settings && *settings);
  EXPECT_EQ((*settings)->texts("RuntimeDirectory"),
            loaded_.unit.settings.texts("RuntimeDirectory"));
  EXPECT_EQ((*settings)->text("SyslogIdentifier"), "mine");
}

TEST_F(Edited, WhatWasAskedOnceIsKnownBesideWhatIsPreparedLater) {
  ASSERT_TRUE(unit_->prepare({without_home}));
  EXPECT_NE(with(without_home, "ProtectHome"), std::nullopt);
  ASSERT_TRUE(unit_->prepare({with_clock}));
  EXPECT_NE(with(with_clock, "ProtectSystem"), std::nullopt);
  EXPECT_THAT(with(without_home, "ProtectHome"), Optional(std::string("no")));
}

}  // namespace
}  // namespace sandproof
