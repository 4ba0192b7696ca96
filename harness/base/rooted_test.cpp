#include "base/rooted.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

namespace sandproof {
namespace {

class Rooted : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "rooted.XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    auto opened = RootedFs::open(folder_);
    ASSERT_TRUE(opened) << opened.error().message;
    fs_.emplace(*std::move(opened));
  }
  void TearDown() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  std::filesystem::path folder_;
  std::optional<RootedFs> fs_;
};

TEST_F(Rooted, AnAbsoluteSymlinkStaysBelowTheRoot) {
  ASSERT_TRUE(fs_->make_folders("/run/inner"));
  std::filesystem::create_directory(folder_ / "var");
  std::filesystem::create_symlink("/run", folder_ / "var/run");
  EXPECT_TRUE(fs_->is_folder("/var/run/inner"));
  EXPECT_FALSE(fs_->exists("/etc/passwd"));
}

TEST_F(Rooted, ANewFileIsWrittenOnceWithItsMode) {
  ASSERT_TRUE(fs_->write_new("/a", "text", 0640));
  EXPECT_EQ(fs_->read("/a").value(), "text");
  EXPECT_EQ(std::filesystem::status(folder_ / "a").permissions(), std::filesystem::perms(0640));
  EXPECT_FALSE(fs_->write_new("/a", "again", 0640));
}

TEST_F(Rooted, ASymlinkIsNotWrittenThrough) {
  std::filesystem::create_symlink("/b", folder_ / "a");
  EXPECT_FALSE(fs_->write_new("/a", "text", 0644));
  EXPECT_FALSE(fs_->exists("/b"));
}

TEST_F(Rooted, RemovesFilesAndEmptyFolders) {
  ASSERT_TRUE(fs_->make_folder("/d", 0700));
  ASSERT_TRUE(fs_->write_new("/d/f", "", 0600));
  EXPECT_FALSE(fs_->remove("/d"));
  EXPECT_TRUE(fs_->remove("/d/f"));
  EXPECT_TRUE(fs_->remove("/d"));
}

}  // namespace
}  // namespace sandproof
