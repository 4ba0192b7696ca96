// A table of real failures, each on throwaway systemds: what is to blame, why, and what helps.
#include <gmock/gmock.h>

#include <ostream>

#include "explain/explained.h"

namespace sandproof::explain {
namespace {

using namespace testing_support;
using testing::HasSubstr;

struct Case {
  const char* name;
  const char* unit;
  const char* before;
  int status;  // 0: not looked at
  Sets culprits;
  std::vector<const char*> told;  // in the sentences or the evidence
  const char* drop_in = "";       // a line of it
  const char* command = "";       // what is to be done on the machine
  double seconds = 1;             // that it has to stay up: more than its failure takes to come
};

void PrintTo(const Case& value, std::ostream* out) { *out << value.name; }

class Failures : public testing::TestWithParam<Case> {};

TEST_P(Failures, AreExplained) {
  const Case& expected = GetParam();
  const auto result = explain_service(expected.unit, expected.before, expected.seconds);
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
    {"AFilterProgramThatIsMissing",
     "ExecStart=/bin/sleep 100\nIPIngressFilterPath=/run/missing\nProtectHome=yes\n",
     "",
     0,
     {{"IPIngressFilterPath"}},
     {"keeps systemd from starting a process", "BPF program /run/missing failed"},
     "IPIngressFilterPath="},
    // Where memory suffices V8 copies its builtins next to the heap, and asks for
    // PROT_READ|PROT_EXEC there first: with the option it asks for the same on every machine.
    {"MemoryDenyWriteExecuteAgainstAJit",
     "ExecStart=/usr/bin/node --no-short-builtin-calls -e \"setTimeout(()=>{},100000)\"\n"
     "MemoryDenyWriteExecute=yes\nProtectHome=yes\nPrivateTmp=yes\n",
     "",
     0,
     {{"MemoryDenyWriteExecute"}},
     {"mprotect(…, PROT_READ|PROT_WRITE|PROT_EXEC)"},
     "MemoryDenyWriteExecute=no",
     "",
     3},
    {"AddressFamiliesWithoutNetlinkAgainstGetifaddrs",
     "ExecStart=/usr/bin/node -e \"require('os').networkInterfaces(); "
     "setTimeout(()=>{},100000)\"\nRestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX\n"
     "ProtectHome=yes\n",
     "",
     1,
     {{"RestrictAddressFamilies"}},
     {"socket(AF_NETLINK, SOCK_RAW) = EAFNOSUPPORT"},
     "RestrictAddressFamilies=AF_NETLINK",
     "",
     3},
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
     "PrivateUsers=no",
     "",
     3},
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

}  // namespace
}  // namespace sandproof::explain
