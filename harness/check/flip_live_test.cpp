// Both sides of every guarantee: with the directive its attempts end as promised, and without it
// they end the other way. A pass that is empty would show here.
#include <gmock/gmock.h>
#include <stdlib.h>

#include <fstream>

#include "check/check.h"
#include "guarantee/guarantee.h"
#include "testing/throwaway.h"

namespace sandproof {
namespace {

// A unit's lines, and the directive in them that is to be seen holding.
struct Case {
  std::string name;
  std::string directive;
  std::string lines;
  Status status = Status::held;
};

void PrintTo(const Case& each, std::ostream* out) { *out << each.name; }

class Flip : public testing_support::OnThrowaway, public testing::WithParamInterface<Case> {
 protected:
  void SetUp() override {
    OnThrowaway::SetUp();
    std::string name = testing::TempDir() + "flip.XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  CheckResult check(bool without_runner) {
    const auto file =
        folder_ / ("flip-" + GetParam().name + (without_runner ? "-single" : "") + ".service");
    std::ofstream(file) << "[Service]\nExecStart=/bin/true\n" << GetParam().lines;
    CheckOptions options;
    options.probes = testing_support::probes();
    options.without_runner = without_runner;
    auto result = check_unit(manager(), file.string(), options);
    EXPECT_TRUE(result) << (result ? "" : result.error().message);
    return result ? *result : CheckResult();
  }

 private:
  std::filesystem::path folder_;
};

const DirectiveResult* result_of(const CheckResult& check, const std::string& directive) {
  for (const auto& result : check.directives) {
    if (result.directive.name == directive) return &result;
  }
  return nullptr;
}

TEST_P(Flip, HoldsWithTheDirectiveAndNotWithoutIt) {
  const auto check = this->check(false);
  const auto* result = result_of(check, GetParam().directive);
  ASSERT_NE(result, nullptr);
  EXPECT_EQ(to_string(result->status), to_string(GetParam().status)) << result->reason;
  for (const auto& attempt : check.attempts) {
    if (attempt.must == Must::allowed || attempt.judgement.verdict != Verdict::held) continue;
    // The bare cells are the same unit without the directive.
    EXPECT_TRUE(attempt.square.bare_user.is_allowed() || attempt.square.bare_root.is_allowed())
        << to_string(attempt.attempt);
  }
}

TEST_P(Flip, EndsTheSameInAUnitOfItsOwn) {
  const auto with_runner = this->check(false);
  const auto without = this->check(true);
  ASSERT_EQ(with_runner.attempts.size(), without.attempts.size());
  for (std::size_t i = 0; i < without.attempts.size(); ++i) {
    const auto& one = with_runner.attempts[i];
    const auto& other = without.attempts[i];
    EXPECT_EQ(one.attempt.probe, other.attempt.probe);
    for (const Cell cell : all_cells) {
      EXPECT_EQ(to_string(one.square[cell]), to_string(other.square[cell]))
          << to_string(one.attempt) << " in " << to_string(cell);
    }
  }
}

const Case cases[] = {
    {"user", "User", "User=nobody\n"},
    {"group", "Group", "User=nobody\nGroup=games\n"},
    {"supplementary_groups", "SupplementaryGroups", "User=nobody\nSupplementaryGroups=games\n"},
    {"dynamic_user", "DynamicUser", "DynamicUser=yes\n"},
    {"umask", "UMask", "UMask=0077\n"},
    {"keyring_mode", "KeyringMode", "KeyringMode=private\n"},
    {"no_new_privileges", "NoNewPrivileges", "User=nobody\nNoNewPrivileges=yes\n"},
    {"capability_bounding_set", "CapabilityBoundingSet", "CapabilityBoundingSet=CAP_CHOWN\n"},
    {"no_capability", "CapabilityBoundingSet", "CapabilityBoundingSet=\n"},
    {"ambient_capabilities", "AmbientCapabilities",
     "User=nobody\nAmbientCapabilities=CAP_NET_BIND_SERVICE\n"},
    {"protect_system_yes", "ProtectSystem", "User=nobody\nProtectSystem=yes\n"},
    {"protect_system_full", "ProtectSystem", "User=nobody\nProtectSystem=full\n"},
    {"protect_system_strict", "ProtectSystem", "User=nobody\nProtectSystem=strict\n"},
    {"side_door_umount", "ProtectHome", "ProtectHome=yes\n", Status::bypassed},
    {"side_door_umount_shut", "ProtectHome",
     "ProtectHome=yes\nCapabilityBoundingSet=~CAP_SYS_ADMIN CAP_SYS_PTRACE\n"},
    {"side_door_writable_copy", "ReadOnlyPaths", "ReadOnlyPaths=/var/lib\n", Status::bypassed},
    {"side_door_writable_copy_shut", "ReadOnlyPaths",
     "ReadOnlyPaths=/var/lib\nCapabilityBoundingSet=~CAP_SYS_ADMIN CAP_SYS_PTRACE\n"},
    {"protect_home_yes_user", "ProtectHome", "User=nobody\nProtectHome=yes\n"},
    {"protect_home_read_only", "ProtectHome", "User=nobody\nProtectHome=read-only\n"},
    {"read_write_paths", "ReadWritePaths", "ProtectSystem=strict\nReadWritePaths=/var/lib\n"},
    {"read_only_paths", "ReadOnlyPaths", "User=nobody\nReadOnlyPaths=/var/lib\n"},
    {"inaccessible_paths", "InaccessiblePaths", "User=nobody\nInaccessiblePaths=/var/lib\n"},
    {"no_exec_paths", "NoExecPaths", "NoExecPaths=/opt\n"},
    {"temporary_file_system", "TemporaryFileSystem", "TemporaryFileSystem=/var/lib\n"},
    {"private_tmp", "PrivateTmp", "User=nobody\nPrivateTmp=yes\n"},
    {"private_devices", "PrivateDevices", "PrivateDevices=yes\n"},
    {"private_network", "PrivateNetwork", "User=nobody\nPrivateNetwork=yes\n"},
    {"private_users", "PrivateUsers", "PrivateUsers=yes\n"},
    {"private_mounts", "PrivateMounts", "PrivateMounts=yes\n"},
    {"protect_proc", "ProtectProc", "User=nobody\nProtectProc=invisible\n"},
    {"proc_subset", "ProcSubset", "User=nobody\nProcSubset=pid\n"},
    {"protect_kernel_tunables", "ProtectKernelTunables",
     "User=nobody\nProtectKernelTunables=yes\n"},
    {"protect_kernel_modules", "ProtectKernelModules", "ProtectKernelModules=yes\n"},
    {"protect_kernel_logs", "ProtectKernelLogs", "ProtectKernelLogs=yes\n"},
    {"protect_control_groups", "ProtectControlGroups", "User=nobody\nProtectControlGroups=yes\n"},
    {"protect_clock", "ProtectClock", "User=nobody\nProtectClock=yes\n"},
    {"protect_hostname", "ProtectHostname", "User=nobody\nProtectHostname=yes\n"},
    {"protect_hostname_root", "ProtectHostname", "ProtectHostname=yes\n", Status::bypassed},
    {"restrict_address_families", "RestrictAddressFamilies",
     "User=nobody\nRestrictAddressFamilies=AF_INET AF_UNIX\nSystemCallArchitectures=native\n"
     "SystemCallFilter=~@aio\n"},
    {"no_address_family", "RestrictAddressFamilies",
     "User=nobody\nRestrictAddressFamilies=none\nSystemCallArchitectures=native\n"
     "SystemCallFilter=~@aio\n"},
    {"side_door_i386", "RestrictAddressFamilies",
     "User=nobody\nRestrictAddressFamilies=AF_INET AF_UNIX\nSystemCallFilter=~@aio\n",
     Status::bypassed},
    {"side_door_io_uring", "RestrictAddressFamilies",
     "User=nobody\nRestrictAddressFamilies=AF_INET AF_UNIX\nSystemCallArchitectures=native\n",
     Status::bypassed},
    {"restrict_namespaces", "RestrictNamespaces", "User=nobody\nRestrictNamespaces=yes\n"},
    {"restrict_realtime", "RestrictRealtime", "User=nobody\nRestrictRealtime=yes\n"},
    {"restrict_realtime_root", "RestrictRealtime", "RestrictRealtime=yes\n", Status::bypassed},
    {"side_door_tmpfile", "RestrictSUIDSGID", "User=nobody\nRestrictSUIDSGID=yes\n",
     Status::bypassed},
    {"lock_personality", "LockPersonality", "User=nobody\nLockPersonality=yes\n"},
    {"memory_deny_write_execute", "MemoryDenyWriteExecute",
     "User=nobody\nMemoryDenyWriteExecute=yes\nLockPersonality=yes\n"},
    {"system_call_filter_deny", "SystemCallFilter",
     "User=nobody\nSystemCallFilter=~@mount @clock\n"},
    {"system_call_filter_allow", "SystemCallFilter",
     "User=nobody\nSystemCallFilter=@system-service\n"},
    {"system_call_error_number", "SystemCallErrorNumber",
     "User=nobody\nSystemCallFilter=~@mount\nSystemCallErrorNumber=EUCLEAN\n"},
    {"system_call_architectures", "SystemCallArchitectures",
     "User=nobody\nSystemCallArchitectures=native\n"},
    {"runtime_directory", "RuntimeDirectory", "User=nobody\nRuntimeDirectory=flip\n"},
    {"state_directory", "StateDirectory",
     "User=nobody\nStateDirectory=flip\nProtectSystem=strict\n"},
    {"state_directory_mode", "StateDirectoryMode",
     "User=nobody\nStateDirectory=flip\nStateDirectoryMode=0700\n"},
    {"cache_directory", "CacheDirectory", "User=nobody\nCacheDirectory=flip\n"},
    {"logs_directory", "LogsDirectory", "User=nobody\nLogsDirectory=flip\n"},
    {"configuration_directory", "ConfigurationDirectory",
     "User=nobody\nConfigurationDirectory=flip\n"},
    {"load_credential", "LoadCredential", "User=nobody\nLoadCredential=x:/etc/passwd\n"},
};

INSTANTIATE_TEST_SUITE_P(Guarantee, Flip, testing::ValuesIn(cases),
                         [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace sandproof
