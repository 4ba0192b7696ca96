// What explain does with a unit that does not start, beside telling why: on throwaway systemds.
#include <gmock/gmock.h>
#include <linux/securebits.h>
#include <sys/prctl.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "explain/explained.h"

namespace sandproof::explain {
namespace {

using namespace testing_support;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// For this process and all that it starts, such as the PID 1 of a throwaway: capabilities(7).
class WithoutAmbientCapabilities {
 public:
  WithoutAmbientCapabilities() {
    EXPECT_EQ(prctl(PR_SET_SECUREBITS, SECBIT_NO_CAP_AMBIENT_RAISE), 0);
  }
  ~WithoutAmbientCapabilities() { EXPECT_EQ(prctl(PR_SET_SECUREBITS, 0), 0); }
  WithoutAmbientCapabilities(const WithoutAmbientCapabilities&) = delete;
  WithoutAmbientCapabilities& operator=(const WithoutAmbientCapabilities&) = delete;
};

TEST(Explain, CapabilitiesThatCannotBeGiven) {
  const char* unit =
      "ExecStart=/bin/sleep 100\nAmbientCapabilities=CAP_NET_BIND_SERVICE\nProtectHome=yes\n";
  const auto anywhere_else = explain_service(unit);
  ASSERT_TRUE(anywhere_else) << anywhere_else.error().message;
  EXPECT_TRUE(anywhere_else->starts);
  const WithoutAmbientCapabilities without;
  const auto result = explain_service(unit);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->status, 218);
  EXPECT_EQ(result->step, "CAPABILITIES");
  EXPECT_EQ(result->culprits, Sets{{"AmbientCapabilities"}});
  EXPECT_THAT(all_of(*result), HasSubstr("CAP_NET_BIND_SERVICE cannot be given"));
}

// systemd sets the secure bits anew after it has become the user, who may not.
TEST(Explain, SecureBitsThatCannotBeSet) {
  const WithoutAmbientCapabilities without;
  const auto result = explain_service("ExecStart=/bin/sleep 100\nUser=nobody\nProtectHome=yes\n");
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->status, 213);
  EXPECT_EQ(result->step, "SECUREBITS");
  EXPECT_EQ(result->culprits, Sets{{"User"}});
}

TEST(Explain, AUnitThatStartsIsSaidToStart) {
  const auto result = explain_service("ExecStart=/bin/sleep 100\nProtectSystem=strict\n", "", 1);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_TRUE(result->starts);
  EXPECT_EQ(result->trials, 2);
}

TEST(Explain, TheCallOfADenyListAndItsGroup) {
  const auto result = explain_service(
      "ExecStart=/bin/chown 1 /run/f\nType=oneshot\nSystemCallFilter=~@clock @cpu-emulation @debug "
      "@module @mount @obsolete @raw-io @reboot @resources @swap @chown\nPrivateTmp=yes\n",
      "touch /run/f");
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->signal, "SIGSYS");
  EXPECT_EQ(result->syscall, "fchownat");
  EXPECT_THAT(result->syscall_groups, Contains("@chown"));
  EXPECT_EQ(result->culprits, Sets{{"SystemCallFilter"}});
  EXPECT_THAT(result->narrowed, Contains(Field(&Narrowed::elements, ElementsAre("@chown"))));
  EXPECT_EQ(result->drop_in, "[Service]\nSystemCallFilter=fchownat\n");
}

TEST(Explain, TheCallThatAnAllowListLacks) {
  const auto result = explain_service(
      "ExecStart=/usr/sbin/chroot / /bin/true\nType=oneshot\nSystemCallFilter=@system-service\n"
      "ProtectHome=yes\n");
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->syscall, "chroot");
  EXPECT_EQ(result->drop_in, "[Service]\nSystemCallFilter=chroot\n");
}

TEST(Explain, ALineThatOverridesAnEarlierOne) {
  const auto result = explain_service(
      "ExecStart=/home/runner/app 100\nProtectHome=no\nPrivateTmp=yes\nProtectHome=yes\n",
      app_in_a_home);
  ASSERT_TRUE(result) << result.error().message;
  ASSERT_THAT(result->places, SizeIs(1));
  EXPECT_EQ(result->places.front().line, 5);
  EXPECT_THAT(result->places.front().overrides, ElementsAre(HasSubstr("app.service:3")));
}

TEST(Explain, AServiceThatNeverGetsHealthyFails) {
  const Files files("app.service", "[Service]\nExecStart=/bin/sleep 100\nProtectHome=yes\n");
  const auto result = explain_path(files.path(), 1, {}, "test -e /run/healthy");
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->result, "health");
  EXPECT_THAT(result->culprits, IsEmpty());
}

// The journal reads them when the program has ended, and cannot tell whose they were.
TEST(Explain, TheLastWordsOfAProgramThatIsGoneAreToldAsItsOwn) {
  const auto result = explain_service(
      "Type=notify\nExecStart=/usr/bin/logger -t dying my last words\nProtectClock=yes\n",
      "systemctl kill --signal=STOP systemd-journald; "
      "(sleep 1; systemctl kill --signal=CONT systemd-journald) &");
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->result, "protocol");
  EXPECT_THAT(result->words, ElementsAre("my last words"));
}

TEST(Explain, NothingThatTheUnitDoesReachesTheMachine) {
  const std::string name = "sandproof-" + random_name();
  const auto result =
      explain_service("Type=oneshot\nExecStart=/bin/sh -c \"touch /etc/" + name + " /var/" + name +
                      " /home/" + name + " && exit 3\"\nProtectClock=yes\n");
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->status, 3);
  for (const char* folder : {"/etc/", "/var/", "/home/"}) {
    EXPECT_FALSE(std::filesystem::exists(folder + name));
  }
}

// Whether a process of this machine has the word among its arguments.
bool is_running(const std::string& word) {
  std::error_code error;
  for (const auto& process : std::filesystem::directory_iterator("/proc", error)) {
    std::ifstream arguments(process.path() / "cmdline");
    const std::string text{std::istreambuf_iterator<char>(arguments), {}};
    if (text.find(word) != std::string::npos) return true;
  }
  return false;
}

TEST(Explain, AProcessIsSeenByItsArguments) {
  EXPECT_TRUE(is_running(program_invocation_short_name));
  EXPECT_FALSE(is_running(random_name()));
}

TEST(Explain, AUnitThatForksAndFloodsItsOutputEnds) {
  const std::string word = random_name();
  const auto result = explain_service("ExecStart=/bin/sh -c \"yes " + word + " & yes " + word +
                                          " & sleep 0.3; exit 4\"\nKillMode=process\n"
                                          "ProtectClock=yes\n",
                                      "", 1);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->status, 4);
  EXPECT_LE(result->words.size(), 12U);
  EXPECT_FALSE(is_running(word));
}

TEST(Explain, AStartThatNeverEndsIsEnded) {
  const std::string word = random_name();
  const auto result = explain_service(
      "Type=oneshot\nExecStart=/bin/sh -c \"while :; do sleep 100; "
      "done; " +
      word + "\"\nProtectClock=yes\n");
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->result, "timeout");
  EXPECT_THAT(result->because, ElementsAre(HasSubstr("was not ready in time")));
  EXPECT_FALSE(is_running(word));
}

TEST(Explain, ASingleCulpritAmongForty) {
  std::string unit = "ExecStart=/home/runner/app 100\nProtectHome=yes\n";
  for (const char* name :
       {"LockPersonality", "MemoryDenyWriteExecute", "NoNewPrivileges", "PrivateDevices",
        "PrivateIPC", "PrivateMounts", "PrivateNetwork", "PrivateTmp", "PrivateUsers",
        "ProtectClock", "ProtectControlGroups", "ProtectHostname", "ProtectKernelLogs",
        "ProtectKernelModules", "ProtectKernelTunables", "RemoveIPC", "RestrictRealtime",
        "RestrictSUIDSGID", "RestrictNamespaces"}) {
    unit += std::string(name) + "=yes\n";
  }
  unit +=
      "ProtectSystem=strict\nProtectProc=invisible\nProcSubset=pid\nUMask=0077\nNice=1\n"
      "KeyringMode=private\nSystemCallArchitectures=native\nSystemCallFilter=@system-service\n"
      "SystemCallErrorNumber=EPERM\nRestrictAddressFamilies=AF_UNIX\nCapabilityBoundingSet=\n"
      "IPAddressDeny=any\nDevicePolicy=closed\nLimitNOFILE=1024\nLimitCORE=0\nTasksMax=64\n"
      "InaccessiblePaths=/srv\nReadOnlyPaths=/usr\nOOMScoreAdjust=100\nIOSchedulingPriority=5\n";
  const auto result = explain_service(unit, app_in_a_home);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->innocent.size(), 39U);
  EXPECT_EQ(result->culprits, Sets{{"ProtectHome"}});
  // Isolation, its confirmation, the evidence and the suggestion; one by one it would be forty.
  EXPECT_LE(result->trials, 30);
}

TEST(Explain, BadInputIsSaidToBe) {
  for (const char* what : {"/nonexistent/x.service", "sandproof-no-such-unit.service"}) {
    const auto result = explain_path(what, 1);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, Error::Kind::bad_input) << result.error().message;
  }
}

}  // namespace
}  // namespace sandproof::explain
