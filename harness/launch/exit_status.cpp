#include "launch/exit_status.h"

#include <array>
#include <string_view>

namespace sandproof::launch {

namespace {

constexpr int first_status = 200;
constexpr std::array<std::string_view, 47> names = {"CHDIR",
                                                    "NICE",
                                                    "FDS",
                                                    "EXEC",
                                                    "MEMORY",
                                                    "LIMITS",
                                                    "OOM_ADJUST",
                                                    "SIGNAL_MASK",
                                                    "STDIN",
                                                    "STDOUT",
                                                    "CHROOT",
                                                    "IOPRIO",
                                                    "TIMERSLACK",
                                                    "SECUREBITS",
                                                    "SETSCHEDULER",
                                                    "CPUAFFINITY",
                                                    "GROUP",
                                                    "USER",
                                                    "CAPABILITIES",
                                                    "CGROUP",
                                                    "SETSID",
                                                    "CONFIRM",
                                                    "STDERR",
                                                    "",
                                                    "PAM",
                                                    "NETWORK",
                                                    "NAMESPACE",
                                                    "NO_NEW_PRIVILEGES",
                                                    "SECCOMP",
                                                    "SELINUX_CONTEXT",
                                                    "PERSONALITY",
                                                    "APPARMOR",
                                                    "ADDRESS_FAMILIES",
                                                    "RUNTIME_DIRECTORY",
                                                    "",
                                                    "CHOWN",
                                                    "SMACK_PROCESS_LABEL",
                                                    "KEYRING",
                                                    "STATE_DIRECTORY",
                                                    "CACHE_DIRECTORY",
                                                    "LOGS_DIRECTORY",
                                                    "CONFIGURATION_DIRECTORY",
                                                    "NUMA_POLICY",
                                                    "CREDENTIALS",
                                                    "BPF",
                                                    "KSM",
                                                    "MEMORY_THP"};

}  // namespace

std::string exit_status_name(int status) {
  const int index = status - first_status;
  const std::string number = std::to_string(status);
  if (index < 0 || index >= static_cast<int>(names.size())) return number;
  const auto name = names[static_cast<std::size_t>(index)];
  return name.empty() ? number : number + "/" + std::string(name);
}

}  // namespace sandproof::launch
