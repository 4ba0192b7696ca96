#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "guarantee/address_families.h"
#include "guarantee/expect.h"
#include "guarantee/families.h"
#include "guarantee/filtered_calls.h"
#include "guarantee/memory_doors.h"

namespace sandproof::guarantee {

namespace {

// By number: capabilities(7).
constexpr std::array capability_names = {
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_DAC_READ_SEARCH",
    "CAP_FOWNER",
    "CAP_FSETID",
    "CAP_KILL",
    "CAP_SETGID",
    "CAP_SETUID",
    "CAP_SETPCAP",
    "CAP_LINUX_IMMUTABLE",
    "CAP_NET_BIND_SERVICE",
    "CAP_NET_BROADCAST",
    "CAP_NET_ADMIN",
    "CAP_NET_RAW",
    "CAP_IPC_LOCK",
    "CAP_IPC_OWNER",
    "CAP_SYS_MODULE",
    "CAP_SYS_RAWIO",
    "CAP_SYS_CHROOT",
    "CAP_SYS_PTRACE",
    "CAP_SYS_PACCT",
    "CAP_SYS_ADMIN",
    "CAP_SYS_BOOT",
    "CAP_SYS_NICE",
    "CAP_SYS_RESOURCE",
    "CAP_SYS_TIME",
    "CAP_SYS_TTY_CONFIG",
    "CAP_MKNOD",
    "CAP_LEASE",
    "CAP_AUDIT_WRITE",
    "CAP_AUDIT_CONTROL",
    "CAP_SETFCAP",
    "CAP_MAC_OVERRIDE",
    "CAP_MAC_ADMIN",
    "CAP_SYSLOG",
    "CAP_WAKE_ALARM",
    "CAP_BLOCK_SUSPEND",
    "CAP_AUDIT_READ",
    "CAP_PERFMON",
    "CAP_BPF",
    "CAP_CHECKPOINT_RESTORE",
};

struct Sorted {
  std::vector<std::string> in;
  std::vector<std::string> out;
};

Sorted sort_capabilities(std::uint64_t set) {
  Sorted sorted;
  for (std::size_t number = 0; number < capability_names.size(); ++number) {
    auto& names = (set >> number & 1) != 0 ? sorted.in : sorted.out;
    names.emplace_back(capability_names[number]);
  }
  return sorted;
}

// What takes a capability, and the system call that it is made by.
struct Deed {
  const char* capability;
  const char* probe;
  const char* call;
};

// No binding of port 80: net.ipv4.ip_unprivileged_port_start may let everyone.
constexpr std::array deeds = {
    Deed{"CAP_SYS_TIME", "set-time", "settimeofday"},
    Deed{"CAP_SYS_CHROOT", "change-root", "chroot"},
    Deed{"CAP_NET_RAW", "raw-socket", "socket"},
    Deed{"CAP_SYS_ADMIN", "set-hostname", "sethostname"},
};

// The set itself is all there is to the promise, and every user can read it. The deeds show that
// the kernel goes by it; not where a filter of the unit's stops them before the kernel is asked.
Promise capability_bounding_set(const Subject& subject) {
  if (subject.settings.find("CapabilityBoundingSet") == nullptr) return Promise::off();
  const auto [in, out] = sort_capabilities(subject.settings.number("CapabilityBoundingSet"));
  if (out.empty()) return Promise::off();

  // Asked at once: a machine may lack one of them, and that should not spoil the others' proof.
  std::vector<std::string> args = {"bounding"};
  if (in.size() < out.size()) args.emplace_back("~");
  const auto& named = in.size() < out.size() ? in : out;
  args.insert(args.end(), named.begin(), named.end());

  Promise promise;
  promise.attempts.push_back(must_be_denied({"hold-capability", args}, {denied(EPERM)}));
  for (const auto& name : out) {
    for (const auto& [capability, probe, call] : deeds) {
      if (name != capability || is_filtered(subject.settings, call)) continue;
      if (name == "CAP_NET_RAW" && !is_family_allowed(subject.settings, "AF_INET")) continue;
      promise.attempts.push_back(must_be_denied({probe, {}}, {denied(EPERM)}));
      // The other deeds are denied to its root as well: they ask for a capability outside of it.
      if (name != "CAP_SYS_CHROOT") continue;
      promise.attempts.push_back(side_door("a new user namespace",
                                           in_user_namespace("user", {probe, {}}), {denied(EPERM)},
                                           "RestrictNamespaces=yes"));
    }
    // Without root there is none but of the unit's own user, for which it takes no capability.
    if (name == "CAP_SYS_PTRACE" && subject.home.empty())
      add_memory_doors(promise, subject.bystander.root_pid);
  }
  return promise;
}

Promise ambient_capabilities(const Subject& subject) {
  const auto& settings = subject.settings;
  const auto [in, out] = sort_capabilities(settings.number("AmbientCapabilities"));
  if (in.empty()) return Promise::off();
  Promise promise;
  for (const auto& name : in) {
    promise.attempts.push_back(must_be_allowed({"hold-capability", {"ambient", name}}));
    // With PrivateUsers= it is a capability of the user namespace and opens no port outside.
    if (name == "CAP_NET_BIND_SERVICE" && is_family_allowed(settings, "AF_INET") &&
        settings.texts("SocketBindDeny").empty()) {
      promise.attempts.push_back(must_be_allowed({"bind-port", {"80"}}));
    }
  }
  return promise;
}

}  // namespace

std::span<const Guarantee> capability_guarantees() {
  static constexpr std::array guarantees = {
      Guarantee{"CapabilityBoundingSet", capability_bounding_set},
      Guarantee{"AmbientCapabilities", ambient_capabilities},
  };
  return guarantees;
}

}  // namespace sandproof::guarantee
