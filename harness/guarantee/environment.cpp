#include <sys/mount.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "guarantee/expect.h"
#include "guarantee/families.h"
#include "guarantee/group_doors.h"
#include "guarantee/own_namespace.h"

namespace sandproof::guarantee {

namespace {

Promise own_namespace(const Subject& subject, const std::string& type) {
  Promise promise;
  expect_own_namespace(promise, subject, type);
  if (promise.attempts.empty()) {
    return Promise::untestable("it is not known which namespace is everyone's");
  }
  // A user namespace cannot be entered by who is in it.
  if (type != "user" && !has_own_pid_1(subject.settings)) {
    promise.attempts.push_back(side_door("the namespace of PID 1", {"enter-namespace", {type, "1"}},
                                         {denied(EPERM)}, "RestrictNamespaces=yes"));
  }
  return promise;
}

Promise private_ipc(const Subject& subject) {
  if (!subject.settings.boolean("PrivateIPC")) return Promise::off();
  auto promise = own_namespace(subject, "ipc");
  // A mount of its own goes over it, unless another directive names the very path.
  if (const auto queues = subject.place_of("/dev/mqueue")) {
    promise.attempts.push_back(side_door(
        "the machine's /dev/mqueue", {"fs-by-alias", {"reach", queues->file_system, queues->path}},
        {denied(EPERM), absent(ENOENT)}, ""));
  }
  return promise;
}

// A namespace of somebody's; that it is not the machine's own is all that is known of it.
Promise namespace_path(const Subject& subject, const char* directive, const std::string& type) {
  const std::string path = subject.settings.text(directive);
  if (path.empty()) return Promise::off();
  if (path.starts_with("/proc/")) {
    return Promise::untestable("it is a namespace that another process is in");
  }
  return own_namespace(subject, type);
}

// On 252 it takes effect only with PrivateIPC=, PrivateTmp=, PrivateNetwork= or
// NetworkNamespacePath=, and else the path is not even opened (exec_runtime_make()).
Promise ipc_namespace_path(const Subject& subject) {
  return namespace_path(subject, "IPCNamespacePath", "ipc");
}

Promise network_namespace_path(const Subject& subject) {
  return namespace_path(subject, "NetworkNamespacePath", "net");
}

Promise user_namespace_path(const Subject& subject) {
  return namespace_path(subject, "UserNamespacePath", "user");
}

// `shared` makes no mount namespace of the unit's own (exec_needs_mount_namespace()).
Promise mount_flags(const Subject& subject) {
  const auto flags = subject.settings.number("MountFlags");
  if (flags == 0 || flags == MS_SHARED) return Promise::off();
  Promise promise;
  expect_own_namespace(promise, subject, "mnt");
  if (promise.attempts.empty()) {
    return Promise::untestable("it is not known which namespace is everyone's");
  }
  return promise;
}

// execve(2) takes SECBIT_KEEP_CAPS away, always: capabilities(7).
Promise secure_bits(const Subject& subject) {
  const auto bits = subject.settings.number("SecureBits");
  if (bits == 0) return Promise::off();
  Promise promise;
  for (std::uint64_t bit = 1; bit <= bits; bit <<= 1) {
    if ((bits & bit) == 0) continue;
    promise.attempts.push_back(
        must_be_denied({"lack-secure-bits", {std::to_string(bit)}}, {denied(EPERM)}));
  }
  return promise;
}

// A file on each of some file systems. A systemd that is built without BPF knows the directive, and
// has no value of it.
Promise restrict_file_systems(const Subject& subject) {
  const auto filter = subject.settings.filter("RestrictFileSystems");
  if (!filter.allow_list && filter.names.empty()) {
    return Promise::untestable("systemd has taken no file system from it");
  }
  struct Example {
    const char* type;
    std::string file;
  };
  const std::vector<Example> examples = {
      {"proc", "/proc/version"},
      {"sysfs", "/sys/devices/system/cpu/online"},
      {"cgroup2", "/sys/fs/cgroup/cgroup.procs"},
      {"tmpfs", subject.bystander.dev_shm_file},
  };
  Promise promise;
  for (const auto& [type, file] : examples) {
    const bool listed =
        std::find(filter.names.begin(), filter.names.end(), type) != filter.names.end();
    if (listed == filter.allow_list || file.empty()) continue;
    promise.attempts.push_back(must_be_denied({"fs-reach", {file}}, {denied(EPERM)}));
  }
  if (promise.attempts.empty()) {
    return Promise::untestable("it denies no file system that a file is known of");
  }
  add_group_doors(promise, subject);
  return promise;
}

constexpr std::string_view policy = "what it denies is written in the machine's policy";
constexpr std::string_view of_a_token = "what it hands out shows only in a BPF token";

constexpr std::array table = {
    Guarantee{"AppArmorProfile", nullptr, policy},
    Guarantee{"BPFDelegateAttachments", nullptr, of_a_token},
    Guarantee{"BPFDelegateCommands", nullptr, of_a_token},
    Guarantee{"BPFDelegateMaps", nullptr, of_a_token},
    Guarantee{"BPFDelegatePrograms", nullptr, of_a_token},
    Guarantee{
        "DelegateNamespaces", nullptr,
        "it says which user namespace the unit's other namespaces are of, and denies nothing"},
    Guarantee{"IPCNamespacePath", ipc_namespace_path},
    Guarantee{"MountFlags", mount_flags},
    Guarantee{"NetworkNamespacePath", network_namespace_path},
    Guarantee{"PrivateBPF", nullptr, "an empty /sys/fs/bpf looks like that of any machine"},
    Guarantee{"PrivateIPC", private_ipc},
    Guarantee{"RestrictFileSystems", restrict_file_systems},
    Guarantee{"SELinuxContext", nullptr, policy},
    Guarantee{"SecureBits", secure_bits},
    Guarantee{"SmackProcessLabel", nullptr, policy},
    Guarantee{"SystemCallLog", nullptr, "it notes calls down and denies none"},
    Guarantee{"UserNamespacePath", user_namespace_path},
};

}  // namespace

std::span<const Guarantee> environment_guarantees() { return table; }

}  // namespace sandproof::guarantee
