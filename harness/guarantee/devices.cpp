#include <fnmatch.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "guarantee/expect.h"
#include "guarantee/families.h"
#include "guarantee/filtered_calls.h"
#include "guarantee/group_doors.h"
#include "guarantee/machine.h"
#include "guarantee/own_namespace.h"

namespace sandproof::guarantee {

namespace {

// Devices that do nothing when they are opened, with the group that DeviceAllow= may name them by
// (/proc/devices) and the kernel's number (its Documentation/admin-guide/devices.txt). No
// watchdogs, no tapes, no modems.
struct Node {
  const char* path;
  const char* group;
  const char* major;
  const char* minor;
};

constexpr std::array foreign_nodes = {
    Node{"/dev/kmsg", "char-mem", "1", "11"},
    Node{"/dev/fuse", "char-misc", "10", "229"},
    Node{"/dev/net/tun", "char-misc", "10", "200"},
    Node{"/dev/loop-control", "char-misc", "10", "237"},
};

// DevicePolicy=closed lets these through.
constexpr std::array standard_nodes = {
    Node{"/dev/null", "char-mem", "1", "3"},
    Node{"/dev/zero", "char-mem", "1", "5"},
    Node{"/dev/full", "char-mem", "1", "7"},
};

// A device node of its own, elsewhere.
Attempt make_node(const Subject& subject, const Node& node) {
  return {"make-device", {subject.writable_folder, node.major, node.minor}};
}

// PrivateDevices= implies DevicePolicy=closed, which keeps a process from opening what it finds by
// another way, for as long as it is in the unit's control group.
void add_doors_past_the_policy(Promise& promise, const Subject& subject) {
  promise.attempts.push_back(
      side_door("a devtmpfs of its own, from another control group",
                from_another_group("fresh", {"open-write-fresh", {"devtmpfs", "fuse"}}),
                {denied(EPERM)}, "CapabilityBoundingSet=~CAP_SYS_ADMIN"));
  if (has_own_pid_1(subject.settings)) return;
  promise.attempts.push_back(
      side_door("the root of PID 1, from another control group",
                from_another_group("/sys/fs/cgroup", {"fs-read", {"/proc/1/root/dev/fuse"}}),
                {denied(EROFS), denied(EACCES)}, "CapabilityBoundingSet=~CAP_SYS_PTRACE"));
}

Promise private_devices(const Subject& subject) {
  if (!subject.settings.boolean("PrivateDevices")) return Promise::off();
  Promise promise;
  auto& attempts = promise.attempts;
  for (const auto& node : foreign_nodes) {
    if (!subject.exists(node.path)) continue;
    attempts.push_back(must_be_denied({"fs-read", {node.path}}, {absent(ENOENT)}));
    if (attempts.size() == 2) break;
  }
  attempts.push_back(must_be_denied({"unlink-nothing", {"/dev"}}, {denied(EROFS)}));
  attempts.push_back(must_be_denied({"hold-capability", {"bounding", "CAP_MKNOD", "CAP_SYS_RAWIO"}},
                                    {denied(EPERM)}));
  if (is_x86_64) {
    expect_filtered(promise, subject, "ioperm");
    expect_filtered(promise, subject, "iopl");
  }
  add_foreign_doors(promise, subject, "ioperm");
  if (!subject.writable_folder.empty()) {
    attempts.push_back(side_door("a device node of its own",
                                 make_node(subject, foreign_nodes.front()), {denied(EPERM)}, ""));
  }
  if (subject.exists("/dev/fuse") && !has_own_pid_1(subject.settings)) {
    attempts.push_back(side_door("the root of PID 1", {"fs-read", {"/proc/1/root/dev/fuse"}},
                                 {denied(EPERM)}, "CapabilityBoundingSet=~CAP_SYS_PTRACE"));
  }
  if (subject.exists("/dev/fuse")) add_doors_past_the_policy(promise, subject);
  return promise;
}

struct Allowed {
  std::string name;
  std::string access;
};

std::vector<Allowed> device_allow(const Settings& settings) {
  std::vector<Allowed> result;
  const auto* value = settings.find("DeviceAllow");
  if (value == nullptr || !value->is_container()) return result;
  for (const auto& entry : value->elements()) {
    if (!entry.is_container() || entry.elements().size() != 2) continue;
    result.push_back({to_string(entry.elements()[0]), to_string(entry.elements()[1])});
  }
  return result;
}

// `way` is 'r', 'w' or 'm', to make a node.
bool may(char way, const Node& node, const std::vector<Allowed>& list) {
  for (const auto& [name, access] : list) {
    if (access.find(way) == access.npos) continue;
    if (name == node.path || fnmatch(name.c_str(), node.group, 0) == 0) return true;
  }
  return false;
}

bool has_numbered_device(const std::vector<Allowed>& list) {
  for (const auto& [name, access] : list) {
    if (name.starts_with("/dev/char/") || name.starts_with("/dev/block/")) return true;
  }
  return false;
}

// Both directives make one list, of what may be opened.
Promise device_policy(const Subject& subject) {
  const auto& settings = subject.settings;
  const auto policy = settings.text("DevicePolicy");
  const auto list = device_allow(settings);
  const bool is_open = policy.empty() || policy == "auto";
  if (is_open && list.empty()) return Promise::off();
  // A number may be that of any node.
  if (has_numbered_device(list)) {
    return Promise::untestable("devices that are allowed by number are not told from the others");
  }

  Promise promise;
  const auto expect = [&promise, &subject](const Node& node, bool allowed) {
    if (!subject.exists(node.path)) return;
    const Attempt attempt{"fs-read", {node.path}};
    promise.attempts.push_back(allowed ? must_be_allowed(attempt)
                                       : must_be_denied(attempt, {denied(EPERM)}));
  };
  for (const auto& node : standard_nodes) expect(node, policy != "strict" || may('r', node, list));
  // PrivateDevices= leaves no other node to be tried, ProtectKernelLogs= not this one. Of those
  // that are allowed, who else may open them is a matter of their modes.
  for (const auto& node : foreign_nodes) {
    if (settings.boolean("PrivateDevices")) break;
    if (settings.boolean("ProtectKernelLogs") && std::string_view(node.path) == "/dev/kmsg")
      continue;
    const bool allowed = may('r', node, list);
    if (!allowed || subject.user.empty()) expect(node, allowed);
    if (!allowed && !may('m', node, list) && !subject.writable_folder.empty()) {
      promise.attempts.push_back(side_door("a device node of its own", make_node(subject, node),
                                           {denied(EPERM)}, "CapabilityBoundingSet=~CAP_MKNOD"));
    }
  }

  for (const auto& expectation : promise.attempts) {
    if (expectation.must != Must::denied) continue;
    add_group_doors(promise, subject);
    return promise;
  }
  return Promise::untestable("no device that it denies is there to be tried harmlessly");
}

}  // namespace

std::span<const Guarantee> device_guarantees() {
  static constexpr std::array guarantees = {
      Guarantee{"PrivateDevices", private_devices},
      Guarantee{"DevicePolicy", device_policy},
      Guarantee{"DeviceAllow", device_policy},
  };
  return guarantees;
}

}  // namespace sandproof::guarantee
