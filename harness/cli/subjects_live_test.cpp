// Folders as arguments, and the unit files that a change in a git repository touches: through the
// program as it is called.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/program.h"
#include "testing/folder.h"
#include "testing/ran.h"

namespace sandproof {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing_support::Ran;

const std::string program = std::string(SANDPROOF_BINARY_DIR) + "/sandproof";

constexpr auto service = "[Service]\nExecStart=/bin/true\nUser=nobody\nProtectClock=yes\n";

class Subjects : public testing_support::InFolder {
 protected:
  void SetUp() override {
    InFolder::SetUp();
    std::filesystem::current_path(folder_);
  }
  void TearDown() override {
    std::filesystem::current_path("/");
    InFolder::TearDown();
  }

  static void write(const std::filesystem::path& file, const std::string& content = service) {
    if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << content;
  }

  static void git(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"-c", "user.name=a", "-c", "user.email=a@b.c", "-c",
                                         "init.defaultBranch=main"});
    const auto done = run_program("git", arguments);
    ASSERT_TRUE(done) << done.error().message;
  }

  static void commit_all() {
    git({"add", "--all"});
    git({"commit", "--quiet", "--message=x"});
  }

  static Ran check(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"check", "--manager", "throwaway"});
    return testing_support::run(program, arguments);
  }

  // One line on standard error, nothing on standard output.
  static void expect_one_sentence(const Ran& ran, int status, const std::string& says) {
    EXPECT_EQ(ran.status, status) << ran.err;
    EXPECT_EQ(ran.out, "");
    EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1) << ran.err;
    EXPECT_THAT(ran.err, HasSubstr(says));
  }
};

TEST_F(Subjects, AFolderMeansEveryServiceBelowItAndTheRestIsNamed) {
  write("units/a.service");
  write("units/deep er/b.service");
  write("units/b.service.d/x.conf");
  write("units/c.timer");
  write("units/d@.service");
  const auto ran = check({"units/deep er", "units/a.service"});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_EQ(ran.err, "");
  EXPECT_THAT(ran.out, AllOf(HasSubstr("units/deep er/b.service\n"),
                             HasSubstr("  files     units/a.service\n")));

  std::filesystem::remove_all("units/b.service.d");
  const auto all = check({"units/"});
  EXPECT_EQ(all.status, 0) << all.err;
  EXPECT_THAT(all.out, AllOf(HasSubstr("units/deep er/b.service\n"),
                             HasSubstr("  files     units/a.service\n")));
  EXPECT_EQ(all.err,
            "sandproof: left out templates without DefaultInstance= (name an instance, such as "
            "NAME@x.service): units/d@.service\n"
            "sandproof: left out units that are no services: units/c.timer\n");
}

TEST_F(Subjects, AFolderOfNoServicesIsBadInput) {
  write("units/c.conf");
  expect_one_sentence(check({"units"}), 2, "units holds no service");
}

TEST_F(Subjects, AChangeMeansTheUnitsThatItTouches) {
  git({"init", "--quiet"});
  for (const char* name : {"same", "edited", "hardened", "deleted"}) {
    write("un its/" + std::string(name) + ".service");
  }
  commit_all();
  write("un its/edited.service", std::string(service) + "NoNewPrivileges=yes\n");
  write("un its/hardened.service.d/x.conf", "[Service]\nProtectKernelLogs=yes\n");
  write("un its/new.service");
  std::filesystem::remove("un its/deleted.service");

  const auto expect_three = [](const Ran& ran, const std::string& prefix) {
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_EQ(ran.err, "");
    EXPECT_THAT(ran.out, AllOf(HasSubstr("  files     " + prefix + "edited.service\n"),
                               HasSubstr(prefix + "hardened.service.d/x.conf\n"),
                               HasSubstr("  files     " + prefix + "new.service\n"),
                               Not(HasSubstr("same.service")), Not(HasSubstr("deleted.service"))));
  };
  expect_three(check({"--changed", "HEAD"}), "un its/");
  commit_all();
  expect_three(check({"--changed", "HEAD~1"}), "un its/");
  std::filesystem::current_path("un its");
  expect_three(check({"--changed", "HEAD~1"}), "");
  std::filesystem::current_path("..");

  const auto one = check({"--changed", "HEAD~1", "un its/new.service"});
  EXPECT_THAT(one.out, AllOf(HasSubstr("new.service"), Not(HasSubstr("edited.service"))));
  expect_one_sentence(check({"--changed", "HEAD~1", "elsewhere"}), 2, "elsewhere");
}

TEST_F(Subjects, WhatOthersChangedSinceTheBranchPartedIsNotOfTheChange) {
  git({"init", "--quiet"});
  write("a.service");
  write("b.service");
  commit_all();
  git({"checkout", "--quiet", "-b", "mine"});
  write("a.service", std::string(service) + "NoNewPrivileges=yes\n");
  commit_all();
  git({"checkout", "--quiet", "main"});
  write("b.service", std::string(service) + "NoNewPrivileges=yes\n");
  commit_all();
  git({"checkout", "--quiet", "mine"});
  const auto ran = check({"--changed", "main"});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("a.service"), Not(HasSubstr("b.service"))));
}

TEST_F(Subjects, AChangeThatTouchesNoServiceIsNoFinding) {
  git({"init", "--quiet"});
  write("a.service");
  commit_all();
  write("README");
  expect_one_sentence(check({"--changed", "HEAD"}), 0, "no service is touched");
  // Who waits for a report gets one.
  const auto ran = check({"--changed", "HEAD", "--format", "json"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.out, HasSubstr("\"units\": []"));
}

TEST_F(Subjects, ARevisionThatIsNoneAndAFolderThatIsNoRepositoryAreBadInput) {
  expect_one_sentence(check({"--changed", "HEAD"}), 2, "not a git repository");
  git({"init", "--quiet"});
  expect_one_sentence(check({"--changed", "HEAD"}), 2, "\"HEAD\" is no commit");
  write("a.service");
  commit_all();
  expect_one_sentence(check({"--changed", "nowhere"}), 2, "\"nowhere\" is no commit");
  expect_one_sentence(check({"--changed", ""}), 2, "\"\" is no commit");
  // Nothing that git would take for an option.
  expect_one_sentence(check({"--changed=--output=" + folder_.string() + "/made"}), 2, "no commit");
  EXPECT_FALSE(std::filesystem::exists("made"));
  git({"checkout", "--quiet", "--orphan", "other"});
  write("b.service");
  commit_all();
  expect_one_sentence(check({"--changed", "main"}), 2, "no commit in common");
}

TEST_F(Subjects, ANameWithALineEndStaysOneLine) {
  git({"init", "--quiet"});
  write("a.service");
  commit_all();
  write("x\n::error::.service");
  expect_one_sentence(check({"--changed", "HEAD"}), 2, "x\\n::error::.service");
}

TEST_F(Subjects, NoUnitAtAllIsBadInput) { expect_one_sentence(check({}), 2, "name a unit"); }

}  // namespace
}  // namespace sandproof
