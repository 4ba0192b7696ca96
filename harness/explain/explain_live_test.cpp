// Real failures, each on throwaway systemds: what is to blame, why, and what helps.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/securebits.h>
#include <sys/prctl.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>

#include "base/random.h"
#include "base/text.h"
#include "explain/explain.h"

namespace sandproof::explain {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Sets = std::vector<std::vector<std::string>>;

constexpr const char* sleeps = "ExecStart=/bin/sleep 100\n";
constexpr const char* app_in_a_home = "mkdir -p /home/runner; cp /bin/sleep /home/runner/app";

Result<Explanation> explain_path(const std::string& path, double seconds,
                                 std::vector<std::string> before = {}, std::string health = {}) {
  auto manager = boot_throwaway({});
  if (!manager) return manager.error();
  ExplainOptions options;
  options.start = on_throwaways("/");
  options.seconds = seconds;
  options.before = std::move(before);
  options.health = std::move(health);
  return explain_unit(**manager, path, options);
}

// A unit file, or a drop-in for a unit of this machine, for as long as this lives.
class Files {
 public:
  Files(const std::string& name, const std::string& text)
      : folder_(std::filesystem::temp_directory_path() / ("sandproof-" + random_name())),
        path_(folder_ / name) {
    std::filesystem::create_directories(path_.parent_path());
    std::ofstream(path_) << text;
  }
  ~Files() {
    std::error_code error;
    std::filesystem::remove_all(folder_, error);
  }
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;

  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path folder_;
  std::filesystem::path path_;
};

Result<Explanation> explain_service(const std::string& text, const std::string& before = {},
                                    double seconds = 1) {
  const Files files("app.service", "[Service]\n" + text);
  return explain_path(files.path(), seconds,
                      before.empty() ? std::vector<std::string>() : std::vector{before});
}

std::string all_of(const Explanation& explanation) {
  std::string text = join(explanation.because, "\n");
  for (const auto& evidence : explanation.evidence) text += "\n" + evidence.text;
  return text;
}

struct Case {
  const char* name;
  const char* unit;
  const char* before;
  int status;  // 0: not looked at
  Sets culprits;
  std::vector<const char*> told;  // in the sentences or the evidence
  const char* drop_in = "";       // a line of it
  const char* command = "";       // what is to be done on the machine
};

void PrintTo(const Case& value, std::ostream* out) { *out << value.name; }

class Failures : public testing::TestWithParam<Case> {};

TEST_P(Failures, AreExplained) {
  const Case& expected = GetParam();
  const auto result = explain_service(expected.unit, expected.before);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_FALSE(result->starts);
  if (expected.status != 0) {
    EXPECT_EQ(result->status, expected.status);
  }
  EXPECT_EQ(result->culprits, expected.culprits);
  for (const char* text : expected.told) EXPECT_THAT(all_of(*result), HasSubstr(text));
  EXPECT_THAT(result->drop_in, HasSubstr(expected.drop_in));
  EXPECT_THAT(join(result->commands, "\n"), HasSubstr(expected.command));
}

const Case cases[] = {
    {"HomeHidesTheProgram",
     "ExecStart=/home/runner/app 100\nPrivateTmp=yes\nProtectHome=yes\nProtectSystem=strict\n",
     app_in_a_home,
     203,
     {{"ProtectHome"}},
     {"ProtectHome=yes hides /home/runner/app"},
     "ProtectHome=tmpfs\nBindReadOnlyPaths=/home/runner\n"},
    {"NoExecPathsHasTheLoader",
     "ExecStart=/bin/sleep 100\nNoExecPaths=/\nExecPaths=/usr/bin\nProtectHome=yes\n",
     "",
     203,
     {{"NoExecPaths"}},
     {"/bin/sleep is there, but", "NoExecPaths=/ keeps"},
     "ExecPaths="},
    {"AHomeThatADynamicUserCannotTraverse",
     "ExecStart=/home/runner/app 100\nDynamicUser=yes\n",
     "mkdir -p /home/runner; cp /bin/sleep /home/runner/app; chmod 700 /home/runner",
     203,
     {{"DynamicUser"}},
     {"/home/runner is 0700 root:root", "cannot traverse"},
     "ExecStart=/usr/local/bin/app 100",
     "install -m 755 /home/runner/app /usr/local/bin/app"},
    {"AScriptWithoutItsInterpreter",
     "ExecStart=/usr/local/bin/script\nPrivateTmp=yes\n",
     "printf '#!/opt/python9/bin/python\\n' >/usr/local/bin/script; "
     "chmod 755 /usr/local/bin/script",
     203,
     {},
     {"/opt/python9/bin/python", "there is no /opt/python9"}},
    {"AProgramThatIsNotThere",
     "ExecStart=/usr/bin/absent\nProtectHome=yes\n",
     "",
     203,
     {},
     {"there is no /usr/bin/absent"}},
    {"AFileWithoutAnExecuteBit",
     "ExecStart=/etc/passwd\nProtectHome=yes\n",
     "",
     203,
     {},
     {"/etc/passwd is 0644"}},
    {"AProgramOfAnotherMachine",
     "ExecStart=/usr/local/bin/other\nProtectHome=yes\n",
     "printf '\\177ELF\\002\\001\\001\\0\\0\\0\\0\\0\\0\\0\\0\\0\\002\\0\\026\\0\\001\\0\\0\\0' "
     ">/usr/local/bin/other; head -c 100 /dev/zero >>/usr/local/bin/other; "
     "chmod 755 /usr/local/bin/other",
     203,
     {},
     {"a program for s390x"}},
    {"ReadWritePathsThatAreMissing",
     "ExecStart=/bin/sleep 100\nPrivateTmp=yes\nReadWritePaths=/var /missing /srv\n",
     "",
     226,
     {{"ReadWritePaths"}},
     {"needs /missing, which is not there"},
     "ReadWritePaths=/var -/missing /srv"},
    {"ReadOnlyPathsThatAreMissing",
     "ExecStart=/bin/sleep 100\nPrivateTmp=yes\nReadOnlyPaths=/var /missing\n",
     "",
     226,
     {{"ReadOnlyPaths"}},
     {"needs /missing, which is not there"},
     "ReadOnlyPaths=/var -/missing"},
    {"InaccessiblePathsThatAreMissing",
     "ExecStart=/bin/sleep 100\nPrivateTmp=yes\nInaccessiblePaths=/srv /missing\n",
     "",
     226,
     {{"InaccessiblePaths"}},
     {"needs /missing, which is not there"},
     "InaccessiblePaths=/srv -/missing"},
    {"BindPathsThatAreMissing",
     "ExecStart=/bin/sleep 100\nPrivateTmp=yes\nBindPaths=/missing\n",
     "",
     226,
     {{"BindPaths"}},
     {"BindPaths=/missing needs /missing"},
     "BindPaths=-/missing"},
    {"TemporaryFileSystemThatCannotBeMade",
     "ExecStart=/bin/sleep 100\nReadOnlyPaths=/usr\nTemporaryFileSystem=/proc/missing\n",
     "",
     226,
     {{"TemporaryFileSystem"}},
     {"needs /proc/missing"},
     "TemporaryFileSystem="},
    {"RootDirectoryThatIsMissing",
     "ExecStart=/bin/sleep 100\nPrivateTmp=yes\nRootDirectory=/missing\n",
     "",
     226,
     {{"RootDirectory"}},
     {"RootDirectory=/missing"},
     "RootDirectory="},
    {"AUserThatIsMissing",
     "ExecStart=/bin/sleep 100\nUser=nosuchuser\nProtectSystem=yes\n",
     "",
     217,
     {{"User"}},
     {"User=nosuchuser: there is no such user"},
     "",
     "useradd"},
    {"AGroupThatIsMissing",
     "ExecStart=/bin/sleep 100\nGroup=nosuchgroup\nProtectSystem=yes\n",
     "",
     216,
     {{"Group"}},
     {"Group=nosuchgroup: there is no such group"},
     "",
     "groupadd"},
    {"AWorkingDirectoryThatIsMissing",
     "ExecStart=/bin/sleep 100\nWorkingDirectory=/missing\nProtectSystem=yes\n",
     "",
     200,
     {{"WorkingDirectory"}},
     {"there is no /missing"},
     "WorkingDirectory=-/missing"},
    {"ACredentialThatIsMissing",
     "ExecStart=/bin/sleep 100\nLoadCredential=token:/etc/missing/token\nProtectSystem=yes\n",
     "",
     243,
     {{"LoadCredential"}},
     {"LoadCredential=token:/etc/missing/token"},
     "LoadCredential="},
    {"AStateDirectoryThatIsAFile",
     "ExecStart=/bin/sleep 100\nStateDirectory=blocked\nProtectHome=yes\n",
     "echo x >/var/lib/blocked",
     238,
     {{"StateDirectory"}},
     {"StateDirectory=blocked"},
     "StateDirectory="},
    {"MemoryDenyWriteExecuteAgainstAJit",
     "ExecStart=/usr/bin/node -e \"setTimeout(()=>{},100000)\"\nMemoryDenyWriteExecute=yes\n"
     "ProtectHome=yes\nPrivateTmp=yes\n",
     "",
     0,
     {{"MemoryDenyWriteExecute"}},
     {"mprotect(…, PROT_READ|PROT_EXEC)"},
     "MemoryDenyWriteExecute=no"},
    {"AddressFamiliesWithoutNetlinkAgainstGetifaddrs",
     "ExecStart=/usr/bin/node -e \"require('os').networkInterfaces(); "
     "setTimeout(()=>{},100000)\"\nRestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX\n"
     "ProtectHome=yes\n",
     "",
     1,
     {{"RestrictAddressFamilies"}},
     {"socket(AF_NETLINK, SOCK_RAW) = EAFNOSUPPORT"},
     "RestrictAddressFamilies=AF_NETLINK"},
    {"ProcSubsetAgainstMeminfo",
     "ExecStart=/usr/bin/head -1 /proc/meminfo\nType=oneshot\nProcSubset=pid\nPrivateTmp=yes\n",
     "",
     1,
     {{"ProcSubset"}},
     {"ProcSubset=pid hides /proc/meminfo"},
     "ProcSubset=all"},
    {"PrivateTmpAgainstAFileInTmp",
     "ExecStart=/bin/cat /tmp/input\nType=oneshot\nPrivateTmp=yes\nProtectHome=yes\n",
     "echo x >/tmp/input",
     1,
     {{"PrivateTmp"}},
     {"PrivateTmp=yes hides /tmp/input"},
     "BindReadOnlyPaths=/tmp/input"},
    {"NoNewPrivilegesAgainstASetuidProgram",
     "ExecStart=/usr/bin/sucat /etc/shadow\nStandardOutput=null\nType=oneshot\nUser=nobody\n"
     "NoNewPrivileges=yes\nPrivateTmp=yes\n",
     "cp /bin/cat /usr/bin/sucat; chmod 4755 /usr/bin/sucat",
     1,
     {{"NoNewPrivileges"}, {"User"}},
     {"openat(\"/etc/shadow\", O_RDONLY) = EACCES"},
     "NoNewPrivileges=no"},
    {"CapabilitiesAgainstAnothersFolder",
     "ExecStart=/bin/ls /srv/private\nType=oneshot\n"
     "CapabilityBoundingSet=CAP_NET_BIND_SERVICE CAP_CHOWN\nProtectHome=yes\n",
     "mkdir -m 700 /srv/private; chown 65534 /srv/private",
     2,
     {{"CapabilityBoundingSet"}},
     {"/srv/private"},
     "CapabilityBoundingSet=CAP_DAC_READ_SEARCH"},
    {"PrivateDevicesAgainstKvm",
     "ExecStart=/bin/sh -c \"exec 3<>/dev/kvm; exec sleep 100\"\nPrivateDevices=yes\n"
     "ProtectHome=yes\n",
     "[ -e /dev/kvm ] || mknod -m 666 /dev/kvm c 1 3",
     2,
     {{"PrivateDevices"}},
     {"/dev/kvm"},
     "DeviceAllow=/dev/kvm rw"},
    {"PrivateUsersAgainstALowPort",
     "ExecStart=/usr/bin/node -e \"require('net').createServer().listen(80)\"\n"
     "PrivateUsers=yes\nUser=nobody\nAmbientCapabilities=CAP_NET_BIND_SERVICE\nProtectHome=yes\n",
     "",
     1,
     {{"PrivateUsers"}},
     {"bind(port 80) = EACCES"},
     "PrivateUsers=no"},
    {"TwoThatEachAloneSuffice",
     "ExecStart=/bin/sh -c \"echo x >/usr/share/stamp\"\nType=oneshot\nProtectSystem=strict\n"
     "ReadOnlyPaths=/usr\nPrivateTmp=yes\nProtectHome=yes\n",
     "",
     2,
     {{"ProtectSystem", "ReadOnlyPaths"}},
     {"openat(\"/usr/share/stamp\""},
     "ReadWritePaths=/usr/share"},
    {"ThePreparingCommandFails",
     "ExecStartPre=/bin/mkdir /etc/new\nExecStart=/bin/sleep 100\nProtectSystem=full\n"
     "ProtectHome=yes\n",
     "",
     1,
     {{"ProtectSystem"}},
     {"ProtectSystem=full refuses mkdir(\"/etc/new\")"},
     "[Service]"},
    {"AProgramThatFailsByItself",
     "ExecStart=/bin/false\nProtectSystem=strict\nProtectHome=yes\n",
     "",
     1,
     {},
     {"ends with status 1"}},
};

INSTANTIATE_TEST_SUITE_P(Explain, Failures, testing::ValuesIn(cases),
                         [](const auto& test) { return std::string(test.param.name); });

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
  const auto result = explain_service(std::string(sleeps) + "ProtectSystem=strict\n", "", 1);
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
      "ExecStart=/bin/mount -t tmpfs t /mnt\nType=oneshot\nSystemCallFilter=@system-service\n"
      "ProtectHome=yes\n");
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->syscall, "mount");
  EXPECT_EQ(result->drop_in, "[Service]\nSystemCallFilter=mount\n");
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

TEST(Explain, BadInputIsSaidToBe) {
  for (const char* what : {"/nonexistent/x.service", "sandproof-no-such-unit.service"}) {
    const auto result = explain_path(what, 1);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, Error::Kind::bad_input) << result.error().message;
  }
}

}  // namespace
}  // namespace sandproof::explain
