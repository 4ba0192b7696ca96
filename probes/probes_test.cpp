// The probe programs as they were built, run as a harness would run them: bare, as root and as
// nobody.
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>

#include "test_program.h"

namespace sandproof::probe_test {
namespace {

namespace fs = std::filesystem;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

// The names of all probes, from their sources.
std::vector<std::string> all_probes() {
  std::vector<std::string> names;
  for (const fs::directory_entry& family : fs::directory_iterator(SANDPROOF_SOURCE_DIR "/probes")) {
    if (!family.is_directory()) continue;
    if (family.path().filename() == "kit" || family.path().filename() == "runner") continue;
    for (const fs::directory_entry& file : fs::directory_iterator(family.path())) {
      if (file.path().extension() != ".cpp") continue;
      std::string name = file.path().stem().string();
      std::replace(name.begin(), name.end(), '_', '-');
      names.push_back(name);
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

TEST(Card, OfEveryProbeIsOneLineOfJsonThatNamesItsFile) {
  const std::vector<std::string> errno_lists = {"denied_with", "absent_with", "allowed_with"};
  for (const std::string& name : all_probes()) {
    SCOPED_TRACE(name);
    const Ended ended = run(name, {"--card"});
    EXPECT_EQ(ended.status, "exited 0");
    ASSERT_EQ(std::count(ended.output.begin(), ended.output.end(), '\n'), 1) << ended.output;
    const auto card = nlohmann::json::parse(ended.output, nullptr, false);
    ASSERT_TRUE(card.is_object()) << ended.output;
    EXPECT_EQ(card.value("id", ""), name);
    EXPECT_NE(card.value("attempts", ""), "");
    EXPECT_NE(card.value("harmless_because", ""), "");
    EXPECT_TRUE(card.contains("arguments"));
    for (const std::string& list : errno_lists) {
      ASSERT_TRUE(card.contains(list) && card[list].is_array()) << list;
      for (const auto& error : card[list]) {
        ASSERT_TRUE(error.is_string()) << error;
        EXPECT_THAT(error.get<std::string>(), StartsWith("E"));
      }
    }
    EXPECT_EQ(card.size(), 7u) << ended.output;
  }
}

TEST(Probe, TooManyArgumentsAreUsageAndNothingIsAttempted) {
  const std::vector<std::string> many(20, "x");
  for (const std::string& name : all_probes()) {
    SCOPED_TRACE(name);
    const auto card = nlohmann::json::parse(run(name, {"--card"}).output, nullptr, false);
    ASSERT_TRUE(card.is_object());
    if (card.value("arguments", "").find("...") != std::string::npos) continue;
    const Ended ended = run(name, many);
    EXPECT_THAT(ended.output, StartsWith("unable usage: " + name));
    EXPECT_EQ(ended.status, "exited 23");
  }
}

TEST(Probe, BareRootIsAllowed) {
  if (!is_root()) GTEST_SKIP() << "needs root";
  const TemporaryFolder folder;
  EXPECT_EQ(run("set-time", {}), allowed());
  EXPECT_EQ(run("fs-write", {folder.str()}), allowed());
  EXPECT_TRUE(fs::is_empty(folder.str()));
  EXPECT_EQ(run("fs-read", {"/etc/shadow"}), allowed());
  EXPECT_EQ(run("fs-read", {"/etc"}), allowed());
  EXPECT_EQ(run("fs-open-write", {"/etc/passwd"}), allowed());
  EXPECT_EQ(run("bind-port", {"81"}), allowed());
  EXPECT_EQ(run("bind-port", {"81", "udp"}), allowed());
  EXPECT_EQ(run("socket-family", {"AF_NETLINK"}), allowed());
  Child bystander(binary("bystander"), {}, {});
  bystander.read_until("ready\n");
  EXPECT_EQ(run("ptrace", {std::to_string(bystander.pid())}), allowed());
  // It was let go, and not stopped.
  bystander.end_input();
  EXPECT_EQ(bystander.wait(), "exited 0");
}

TEST(Probe, BareNobodyIsDeniedWhatBelongsToRoot) {
  if (!is_root()) GTEST_SKIP() << "needs root";
  const Options as_nobody{.user = nobody};
  EXPECT_EQ(run("set-time", {}, as_nobody), denied("EPERM"));
  EXPECT_EQ(run("fs-write", {"/etc"}, as_nobody), denied("EACCES"));
  EXPECT_EQ(run("fs-read", {"/etc/shadow"}, as_nobody), denied("EACCES"));
  EXPECT_EQ(run("fs-open-write", {"/etc/passwd"}, as_nobody), denied("EACCES"));
  EXPECT_EQ(run("bind-port", {"81"}, as_nobody), denied("EACCES"));
  EXPECT_EQ(run("bind-port", {"61999"}, as_nobody), allowed());
  EXPECT_EQ(run("socket-family", {"AF_PACKET"}, as_nobody), allowed());
  EXPECT_EQ(run("ptrace", {std::to_string(getpid())}, as_nobody), denied("EPERM"));
}

TEST(Probe, WhatIsNotThereIsAbsent) {
  const TemporaryFolder folder;
  EXPECT_EQ(run("fs-write", {folder / "none"}), absent("ENOENT"));
  EXPECT_EQ(run("fs-read", {folder / "none"}), absent("ENOENT"));
  EXPECT_EQ(run("fs-open-write", {folder / "none"}), absent("ENOENT"));
  EXPECT_EQ(run("ptrace", {"2147483647"}), absent("ESRCH"));
}

TEST(Probe, ReadingFindsAnEmptyFileOrDirectoryAbsent) {
  const TemporaryFolder folder;
  std::ofstream(folder / "file").close();
  fs::create_directory(folder / "directory");
  EXPECT_EQ(run("fs-read", {folder / "file"}), absent("ENODATA"));
  EXPECT_EQ(run("fs-read", {folder / "directory"}), absent("ENODATA"));
  fs::create_directory(folder / "directory" + "/" + std::string(255, 'x'));
  EXPECT_EQ(run("fs-read", {folder / "directory"}), allowed());
}

TEST(Probe, APortInUseIsAllowedSinceThatIsBehindTheGate) {
  Child bystander(binary("bystander"), {"tcp"}, {});
  std::istringstream says(bystander.read_until("ready\n"));
  std::string kind;
  std::string address;
  std::string port;
  ASSERT_TRUE(says >> kind >> address >> port);
  EXPECT_EQ(run("bind-port", {port}), allowed());
}

TEST(Probe, AnErrnoThatNoCardListsIsUnable) {
  EXPECT_EQ(run("set-time", {}, {.filter = fail_with(EL2HLT, SYS_settimeofday)}),
            (Ended{.output = "attempting\nunable errno EL2HLT\n", .status = "exited 23"}));
}

TEST(Probe, AStepBeforeTheAttemptThatFailsIsUnableAndNamed) {
  EXPECT_EQ(run("bind-port", {"61999"}, {.filter = fail_with(EMFILE, SYS_socket)}),
            (Ended{.output = "attempting\nunable socket: EMFILE\n", .status = "exited 23"}));
}

TEST(Probe, MakesNoSystemCallButWriteAndExitBesideItsAttempt) {
  const Options strict{.filter = allow_only({SYS_execveat, SYS_write, SYS_socket, SYS_exit_group})};
  EXPECT_EQ(run("socket-family", {"AF_UNIX"}, strict), allowed());
}

TEST(Probe, ADeathBySigsysComesAfterItSaysAttempting) {
  EXPECT_EQ(run("set-time", {}, {.filter = kill_on(SYS_settimeofday)}),
            (Ended{.output = "attempting\n", .status = "killed 31"}));
}

TEST(SocketFamily, EverySpellingOfAFamilyIsKnown) {
  for (const char* family : {"AF_UNIX", "AF_LOCAL", "AF_INET", "AF_NETLINK", "AF_XDP", "16"}) {
    EXPECT_EQ(run("socket-family", {family}), allowed()) << family;
  }
  EXPECT_THAT(run("socket-family", {"AF_NETLNIK"}).output, HasSubstr("unable usage: "));
}

TEST(InUserNamespace, AnotherProbeIsItsRoot) {
  if (!is_root()) GTEST_SKIP() << "needs root";
  const Options as_nobody{.user = nobody};
  EXPECT_EQ(run("change-root", {}, as_nobody), denied("EPERM"));
  const Ended inside = run("in-user-namespace", {"user", "change-root"}, as_nobody);
  EXPECT_EQ(inside, (Ended{.output = "attempting\nattempting\nallowed\n", .status = "exited 21"}));
  // Which is nobody outside.
  EXPECT_EQ(run("in-user-namespace", {"user", "set-time"}, as_nobody).status, "exited 20");
  EXPECT_EQ(run("in-user-namespace", {"user", "no-such-probe"}).output,
            "attempting\nunable execve: ENOENT\n");
}

}  // namespace
}  // namespace sandproof::probe_test
