#include "unit/request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "testing/folder.h"

namespace sandproof::unit {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

using Requests = testing_support::InFolder;

TEST_F(Requests, ANameNeedsNoSuffix) {
  EXPECT_EQ(read_request("cron")->unit, "cron.service");
  EXPECT_EQ(read_request("getty@tty1.service")->unit, "getty@tty1.service");
  EXPECT_FALSE(read_request("cron")->has_files());
}

TEST_F(Requests, AFileComesWithTheDropInsBesideIt) {
  const auto path = file("a.service", "[Service]\n");
  file("a.service.d/20.conf", "[Service]\n");
  file("a.service.d/10.conf", "");
  file("a.service.d/README", "no drop-in");
  const auto request = read_request(path);
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(request->unit, "a.service");
  EXPECT_EQ(request->fragment->shown, path);
  ASSERT_EQ(request->drop_ins.size(), 2U);
  EXPECT_EQ(request->drop_ins[0].shown, path + ".d/10.conf");
  EXPECT_EQ(request->drop_ins[1].name, "20.conf");
}

TEST_F(Requests, AnInstanceComesFromItsTemplate) {
  const auto path = file("a@.service", "[Service]\n");
  file("a@.service.d/all.conf", "[Service]\n");
  const auto request = read_request((folder_ / "a@b.service").string());
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(request->unit, "a@b.service");
  EXPECT_EQ(request->fragment->shown, path);
  EXPECT_EQ(request->drop_ins.size(), 1U);
}

TEST_F(Requests, ADropInOrItsFolderIsForTheInstalledUnit) {
  const auto path = file("a.service.d/x.conf", "[Service]\nPrivateTmp=yes\n");
  for (const auto& what :
       {path, (folder_ / "a.service.d").string(), (folder_ / "a.service.d").string() + "/"}) {
    const auto request = read_request(what);
    ASSERT_TRUE(request) << request.error().message;
    EXPECT_EQ(request->unit, "a.service");
    EXPECT_FALSE(request->fragment);
    ASSERT_EQ(request->drop_ins.size(), 1U);
    EXPECT_EQ(request->drop_ins[0].content, "[Service]\nPrivateTmp=yes\n");
  }
}

TEST_F(Requests, AnAliasIsTheUnitThatItNames) {
  file("a.service", "[Service]\nPrivateTmp=yes\n");
  file("a@.service", "[Service]\n");
  file("elsewhere/b.service", "[Service]\n");
  fs::create_symlink("a.service", folder_ / "alias.service");
  fs::create_symlink("a@.service", folder_ / "a@b.service");
  fs::create_symlink("elsewhere/b.service", folder_ / "linked.service");
  const std::pair<std::string, std::string> cases[] = {{"alias.service", "a.service"},
                                                       {"a@b.service", "a@b.service"},
                                                       {"linked.service", "linked.service"}};
  for (const auto& [link, unit] : cases) {
    const auto request = read_request(folder_ / link);
    ASSERT_TRUE(request) << request.error().message;
    EXPECT_EQ(request->unit, unit);
  }
}

TEST_F(Requests, ADropInThatIsALinkToNothingHidesAnother) {
  const auto path = file("a.service", "[Service]\n");
  fs::create_directory(folder_ / "a.service.d");
  fs::create_symlink("/dev/null", folder_ / "a.service.d/x.conf");
  const auto request = read_request(path);
  ASSERT_TRUE(request) << request.error().message;
  ASSERT_EQ(request->drop_ins.size(), 1U);
  EXPECT_EQ(request->drop_ins[0].content, "");
}

TEST_F(Requests, WhatCannotBeAServiceIsNamed) {
  file("empty.service", " \n");
  file("binary.service", std::string("\x7f"
                                     "ELF\0\1",
                                     6));
  file("some.conf", "[Service]\n");
  file("a@.service", "[Service]\n");
  file("none.service.d/README", "");
  fs::create_directory(folder_ / "folder");
  fs::create_symlink("/dev/null", folder_ / "masked.service");
  mkfifo((folder_ / "pipe.service").c_str(), 0600);
  const std::pair<std::string, std::string> cases[] = {
      {"", "name a unit"},
      {"x.timer", "x.timer is a timer unit"},
      {"x.mount", "x.mount is a mount unit"},
      {"a@.service", "such as a@x.service"},
      {"foo.bar", "foo.bar is no service"},
      {folder_ / "none.service", "there is no file " + (folder_ / "none.service").string()},
      {folder_ / "folder", "folder is a folder; name a unit file"},
      {folder_ / "empty.service", "empty.service is empty"},
      {folder_ / "binary.service", "binary.service is no text"},
      {folder_ / "pipe.service", "pipe.service is no file that could hold a unit"},
      {folder_ / "masked.service", "masked.service masks the unit"},
      {folder_ / "some.conf", "some.conf is no unit file, and no drop-in either"},
      {folder_ / "a@.service", "a@.service is a template"},
      {folder_ / "none.service.d", "none.service.d holds no drop-ins"},
  };
  for (const auto& [what, message] : cases) {
    const auto request = read_request(what);
    ASSERT_FALSE(request) << what;
    EXPECT_EQ(request.error().kind, Error::Kind::bad_input) << what;
    EXPECT_THAT(request.error().message, HasSubstr(message));
  }
}

}  // namespace
}  // namespace sandproof::unit
