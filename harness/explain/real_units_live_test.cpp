// Units of others that do not start: those of the numa project, and daemons of Debian's.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "explain/explained.h"

namespace sandproof::explain {
namespace {

using namespace testing_support;
using testing::Contains;
using testing::HasSubstr;
using testing::SizeIs;

// The files of the numa project, in the order of its commits: units/README.md.
Result<Explanation> explain_numa(const std::string& name, const std::string& without = {}) {
  std::ifstream file(std::string(SANDPROOF_SOURCE_DIR) + "/units/" + name);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!without.empty()) text.erase(text.find(without), without.size());
  const auto program = text.find("/numa\n");
  // What stands in for the program has to be told for how long.
  text.insert(program + 5, " 100");
  const Files files("numa.service", text);
  return explain_path(
      files.path(), 1,
      {"echo numa:x:990:990::/:/usr/sbin/nologin >>/etc/passwd; echo numa:x:990: >>/etc/group; "
       "echo runner:x:1001:1001::/home/runner:/bin/sh >>/etc/passwd; "
       "echo runner:x:1001: >>/etc/group; D=/home/runner/work/numa/numa/target/release; "
       "mkdir -p $D; cp /bin/sleep $D/numa; chown -R 1001:1001 /home/runner; "
       "chmod 700 /home/runner; cp /bin/sleep /usr/local/bin/numa"});
}

TEST(Numa, TheFirstStepIsToldInTwo) {
  const auto result = explain_numa("numa-1-user.service");
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->status, 203);
  ASSERT_THAT(result->because, SizeIs(2));
  EXPECT_THAT(result->because[0], HasSubstr("ProtectHome=true hides /home/runner/work"));
  EXPECT_THAT(result->because[1], HasSubstr("/home/runner is 0700 runner:runner, and numa cannot"));
  EXPECT_EQ(result->culprits.front(), (std::vector<std::string>{"ProtectHome", "User"}));
  EXPECT_THAT(result->innocent, Contains("SystemCallFilter"));
  EXPECT_THAT(result->drop_in, HasSubstr("BindReadOnlyPaths=/home/runner/work"));
}

TEST(Numa, TheSecondStepRemovedInnocents) {
  const auto result = explain_numa("numa-2-guess.service");
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->culprits.front(), (std::vector<std::string>{"ProtectHome", "User"}));
}

TEST(Numa, TheThirdStepHasAnotherUserAndTheSameCause) {
  const auto result = explain_numa("numa-3-dynamic.service");
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->culprits.front(), (std::vector<std::string>{"DynamicUser", "ProtectHome"}));
}

TEST(Numa, TheFourthStepFailsByTheHomesMode) {
  const auto result = explain_numa("numa-3-dynamic.service", "ProtectHome=true\n");
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->culprits, Sets{{"DynamicUser"}});
  EXPECT_THAT(result->because.front(), HasSubstr("/home/runner is 0700 runner:runner"));
}

TEST(Numa, TheFifthStepStarts) {
  const auto result = explain_numa("numa.service");
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_TRUE(result->starts);
}

// Daemons as Debian installs them, each with a drop-in that breaks it.
Result<Explanation> explain_daemon(const std::string& unit, const std::string& drop_in,
                                   double seconds = 1.5) {
  const Files files(unit + ".d/break.conf", "[Service]\n" + drop_in);
  return explain_path(files.path(), seconds);
}

TEST(Daemons, NginxCannotWriteItsLog) {
  const auto result = explain_daemon("nginx.service",
                                     "ProtectSystem=strict\nReadWritePaths=/run\nPrivateTmp=yes\n");
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->culprits, Sets{{"ProtectSystem"}});
  EXPECT_THAT(all_of(*result), HasSubstr("refuses mkdir(\"/var/lib/nginx"));
  // One path after the other, until it starts.
  EXPECT_EQ(result->drop_in, "[Service]\nReadWritePaths=/var/lib/nginx /var/log/nginx\n");
}

TEST(Daemons, RedisMayNotPoll) {
  const auto result =
      explain_daemon("redis-server.service", "SystemCallFilter=~epoll_create1 epoll_create\n");
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->culprits, Sets{{"SystemCallFilter"}});
  EXPECT_THAT(result->syscall, HasSubstr("epoll_create"));
  EXPECT_THAT(result->innocent, Contains("MemoryDenyWriteExecute"));
}

// Of whichever version is installed: Debian makes a cluster "main" of each.
std::string postgresql_unit() {
  std::error_code error;
  for (const auto& version : std::filesystem::directory_iterator("/etc/postgresql", error)) {
    if (!std::filesystem::exists(version.path() / "main")) continue;
    return "postgresql@" + version.path().filename().string() + "-main.service";
  }
  return {};
}

TEST(Daemons, PostgresqlMayNotShareMemory) {
  const auto unit = postgresql_unit();
  ASSERT_FALSE(unit.empty()) << "no cluster in /etc/postgresql: scripts/setup --tests";
  const auto result = explain_daemon(unit, "SystemCallFilter=~@ipc\nProtectHome=yes\n", 3);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->culprits, Sets{{"SystemCallFilter"}});
  EXPECT_THAT(result->innocent, Contains("ProtectHome"));
}

TEST(Daemons, SshdCannotReadItsConfiguration) {
  const auto result = explain_daemon("ssh.service", "InaccessiblePaths=/etc/ssh\nPrivateTmp=yes\n");
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->command, "ExecStartPre");
  EXPECT_EQ(result->culprits, Sets{{"InaccessiblePaths"}});
  EXPECT_THAT(all_of(*result), HasSubstr("hides /etc/ssh/sshd_config"));
}

TEST(Daemons, ChronyMayNotSetTheClock) {
  const auto result = explain_daemon("chrony.service", "ProtectClock=yes\nPrivateTmp=yes\n");
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->culprits, Sets{{"ProtectClock"}});
  EXPECT_THAT(all_of(*result), HasSubstr("adjtime"));
  EXPECT_THAT(result->drop_in, HasSubstr("ProtectClock=no"));
}

}  // namespace
}  // namespace sandproof::explain
