#include <array>
#include <cstdint>
#include <string>

#include "guarantee/expect.h"
#include "guarantee/families.h"
#include "guarantee/memory_doors.h"
#include "guarantee/own_namespace.h"

namespace sandproof::guarantee {

namespace {

// Without it, no link of another process in /proc may be followed into that process' world.
constexpr auto entering_is_shut_by = "CapabilityBoundingSet=~CAP_SYS_PTRACE";

bool may_trace_everyone(const Subject& subject) {
  constexpr int cap_sys_ptrace = 19;
  if (!subject.user.empty() && subject.user != "root") return false;
  return (subject.settings.number("CapabilityBoundingSet") >> cap_sys_ptrace & 1) != 0;
}

// Root is exempt, and so is whoever is in root's group: has_pid_permissions() in the kernel's
// fs/proc/base.c asks for that before anything else, but with `ptraceable`, which asks whether the
// process may be traced and for nothing else. A process of the unit's own user is always seen.
Promise protect_proc(const Subject& subject) {
  const std::string mode = subject.settings.text("ProtectProc");
  if (mode.empty() || mode == "default") return Promise::off();
  const bool is_root = subject.user.empty() || subject.user == "root";
  if (mode == "ptraceable" ? may_trace_everyone(subject) : is_root) return Promise::off();
  if (subject.bystander.root_pid == 0) return Promise::untestable("there is no other process");
  const Attempt see = {"see-process", {std::to_string(subject.bystander.root_pid)}};
  return {{must_be_denied_to_user(see, {mode == "noaccess" ? denied(EPERM) : absent(ENOENT)})}};
}

Promise proc_subset(const Subject& subject) {
  if (subject.settings.text("ProcSubset") != "pid") return Promise::off();
  Promise promise;
  for (const char* file : {"/proc/meminfo", "/proc/sys/kernel/ostype"}) {
    promise.attempts.push_back(must_be_denied({"fs-read", {file}}, {absent(ENOENT)}));
  }
  promise.attempts.push_back(side_door("another instance of /proc",
                                       {"open-write-fresh", {"proc", "sys/kernel/hostname"}},
                                       {denied(EPERM)}, "CapabilityBoundingSet=~CAP_SYS_ADMIN"));
  if (subject.outside_pid() != 0) {
    const std::string pid = std::to_string(subject.outside_pid());
    promise.attempts.push_back(side_door("the /proc of a process outside",
                                         {"fs-read", {"/proc/" + pid + "/root/proc/meminfo"}},
                                         {denied(EACCES), absent(ENOENT)}, entering_is_shut_by));
  }
  return promise;
}

// Since 257.
Promise private_pids(const Subject& subject) {
  if (!has_own_pid_1(subject.settings)) return Promise::off();
  if (subject.bystander.user_pid == 0) return Promise::untestable("there is no other process");
  const std::string pid = std::to_string(subject.bystander.user_pid);
  Promise promise{{must_be_denied({"signal", {pid}}, {absent(ESRCH)}),
                   must_be_denied({"see-process", {pid}}, {absent(ENOENT)})}};
  add_memory_doors(promise, subject.bystander.user_pid);
  return promise;
}

// The unit's users are itself and root, or with `identity`, since 257, the first 65536; any other
// is one that its user namespace does not have. With `full`, since 258, it has all, and only what
// it may do to them differs.
Promise private_users(const Subject& subject) {
  const Value* mode = subject.settings.find("PrivateUsersEx");
  const std::string value = mode != nullptr ? subject.settings.text("PrivateUsersEx")
                            : subject.settings.boolean("PrivateUsers") ? "self"
                                                                       : "no";
  if (value == "no") return Promise::off();
  Promise promise;
  if (value == "self" || value == "identity") {
    promise.attempts.push_back(must_be_denied({"become-user", {"100000"}}, {denied(EINVAL)}));
  }
  const auto& namespaces = subject.bystander.namespaces;
  if (const auto users = namespaces.find("user"); users != namespaces.end()) {
    promise.attempts.push_back(
        must_be_denied({"share-namespace", {"user", users->second}}, {denied(EXDEV)}));
  }
  if (promise.attempts.empty()) {
    return Promise::untestable("it is not known which user namespace is everyone's");
  }
  return promise;
}

constexpr std::array table = {
    Guarantee{"PrivatePIDs", private_pids},
    Guarantee{"PrivateUsers", private_users},
    Guarantee{"ProcSubset", proc_subset},
    Guarantee{"ProtectProc", protect_proc},
};

}  // namespace

std::span<const Guarantee> process_guarantees() { return table; }

}  // namespace sandproof::guarantee
