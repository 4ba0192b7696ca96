#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/names.h"
#include "base/text.h"
#include "guarantee/expect.h"
#include "guarantee/families.h"
#include "guarantee/filtered_calls.h"
#include "guarantee/machine.h"
#include "guarantee/memory_doors.h"

namespace sandproof::guarantee {

namespace {

// What the probe `system-call` can make, by the groups of `systemd-analyze syscall-filter`.
struct Group {
  const char* name;
  std::vector<const char*> calls;
};

const std::vector<Group>& groups() {
  static const std::vector<Group> all = {
      {"@clock", {"adjtimex", "clock_settime", "settimeofday"}},
      {"@module", {"delete_module", "finit_module", "init_module"}},
      {"@mount", {"mount", "umount2", "chroot", "fsopen", "move_mount", "open_tree", "pivot_root"}},
      {"@swap", {"swapoff", "swapon"}},
      {"@reboot", {"reboot", "kexec_load"}},
      {"@debug", {"ptrace", "perf_event_open", "pidfd_getfd"}},
      {"@privileged",
       {"capset", "acct", "bpf", "open_by_handle_at", "quotactl", "setdomainname", "sethostname"}},
      {"@setuid", {"setresuid", "setreuid"}},
      {"@chown", {"fchown", "fchownat"}},
      {"@resources", {"setpriority", "ioprio_set", "sched_setscheduler", "setrlimit"}},
      {"@keyring", {"keyctl", "add_key", "request_key"}},
      {"@aio", {"io_uring_setup", "io_setup"}},
      {"@memlock", {"mlock2", "mlockall"}},
      {"@pkey", {"pkey_alloc"}},
      {"@sandbox", {"landlock_create_ruleset", "seccomp"}},
      {"@process", {"unshare", "setns"}},
      {"@ipc", {"memfd_create", "process_vm_readv", "shmget", "msgget"}},
      {"@network-io", {"bind", "connect", "listen", "accept4"}},
      {"@io-event", {"epoll_create1"}},
      {"@sync", {"fsync"}},
      {"@timer", {"timerfd_create"}},
      {"@file-system", {"linkat", "mkdirat", "mknodat", "unlinkat"}},
      {"", {"personality", "syslog", "userfaultfd"}},
  };
  // These are calls of x86-64 alone.
  static const std::vector<Group> of_x86 = [] {
    std::vector<Group> with = all;
    with.push_back({"@raw-io", {"ioperm", "iopl"}});
    with.push_back({"@cpu-emulation", {"modify_ldt"}});
    with.push_back({"@obsolete", {"ustat", "sysfs"}});
    return with;
  }();
  return is_x86_64 ? of_x86 : all;
}

// A kernel may be built without the other calls, and say ENOSYS of them by itself.
constexpr std::array of_every_kernel = {
    "adjtimex",      "capset",      "chroot",       "clock_settime", "connect",
    "fchown",        "fchownat",    "linkat",       "mkdirat",       "mknodat",
    "mount",         "personality", "ptrace",       "reboot",        "sched_setscheduler",
    "setdomainname", "sethostname", "setns",        "setpriority",   "setresuid",
    "setreuid",      "setrlimit",   "settimeofday", "umount2",       "unlinkat",
    "unshare",
};

// Calls that anyone may make and that no other directive denies.
constexpr std::array innocent = {"epoll_create1", "timerfd_create", "fsync", "listen", "linkat"};

// The default of SystemCallErrorNumber=: not an errno, kill (SECCOMP_ERROR_NUMBER_KILL).
constexpr std::uint64_t kill_number = 0x7ffffffe;

Outcome default_denial(const Settings& settings) {
  const auto number = settings.number("SystemCallErrorNumber");
  if (number == 0 || number == kill_number) return killed(SIGSYS);
  return denied(static_cast<int>(number));
}

// What the part after the colon means: `swapon:EACCES`, `reboot:kill`.
Outcome own_denial(std::string_view action, const Settings& settings) {
  if (action == "kill") return killed(SIGSYS);
  if (const auto number = errno_number(action)) return denied(*number);
  return default_denial(settings);
}

bool is_said_by_kernel(std::string_view call, const Outcome& denial) {
  return denial == denied(ENOSYS) &&
         std::find(of_every_kernel.begin(), of_every_kernel.end(), call) == of_every_kernel.end();
}

struct DeniedCall {
  std::string name;
  Outcome denial;
};

// Some of what the filter denies: at most so many of each group.
std::vector<DeniedCall> denied_calls(const Settings& settings, int of_each_group) {
  std::vector<DeniedCall> result;
  for (const auto& group : groups()) {
    int count = 0;
    for (const char* call : group.calls) {
      if (count == of_each_group) break;
      const auto denial = filtered_with(settings, call);
      if (!denial || is_said_by_kernel(call, *denial)) continue;
      result.push_back({call, *denial});
      ++count;
    }
  }
  return result;
}

void add_doors_by_abi(Promise& promise, const std::string& call, const Outcome& denial) {
  if (!is_x86_64) return;
  for (const std::string abi : {"i386", "x32"}) {
    promise.attempts.push_back(side_door("the " + abi + " system call",
                                         call_attempt(abi + ":" + call, denial), {denial},
                                         "SystemCallArchitectures=native"));
  }
}

// What the probe `io-uring-call` can ask for.
constexpr std::array by_io_uring = {"connect", "bind",     "listen", "accept4",
                                    "mkdirat", "unlinkat", "linkat", "fsync"};

// One of those that the filter denies, by a way that no filter is asked about.
void add_io_uring_door(Promise& promise, const Settings& settings) {
  for (const char* call : by_io_uring) {
    const auto denial = filtered_with(settings, call);
    if (!denial) continue;
    promise.attempts.push_back(side_door("io_uring", {"io-uring-call", {call}},
                                         {*denial, denied(EPERM)}, "SystemCallFilter=~@aio"));
    return;
  }
}

// Whether the unit's own filter stops the call, and not as the filters of the Protect…= directives
// do.
bool is_stopped_otherwise(const Settings& settings, std::string_view call) {
  const auto filtered = filtered_with(settings, call);
  return filtered && *filtered != denied(EPERM);
}

Promise system_call_filter(const Subject& subject) {
  const auto& settings = subject.settings;
  if (!has_call_filter(settings)) return Promise::off();
  constexpr int of_each_group = 2;
  const auto calls = denied_calls(settings, of_each_group);
  if (calls.empty()) {
    return Promise::untestable("none of the system calls that it denies can be tried harmlessly");
  }
  Promise promise;
  for (const auto& [name, denial] : calls) {
    promise.attempts.push_back(must_be_denied(call_attempt(name, denial), {denial}));
  }
  if (settings.filter("SystemCallFilter").allow_list) {
    int count = 0;
    for (const char* call : innocent) {
      if (is_filtered(settings, call)) continue;
      promise.attempts.push_back(must_be_allowed(call_attempt(call, default_denial(settings))));
      if (++count == 2) break;
    }
  }
  add_doors_by_abi(promise, calls.front().name, calls.front().denial);
  add_io_uring_door(promise, settings);
  // ~@debug has that call alone. An allow list says what the unit needs, and means nobody's memory.
  if (!settings.filter("SystemCallFilter").allow_list && is_filtered(settings, "ptrace")) {
    add_memory_doors(promise, subject.bystander.user_pid);
  }
  return promise;
}

Promise system_call_error_number(const Subject& subject) {
  const auto& settings = subject.settings;
  if (!has_call_filter(settings)) return Promise::off();
  const Outcome denial = default_denial(settings);
  Promise promise;
  for (const auto& call : denied_calls(settings, 1)) {
    // Of the others, the filter says itself with what they are denied.
    if (call.denial != denial) continue;
    promise.attempts.push_back(must_be_denied(call_attempt(call.name, denial), {denial}));
    if (promise.attempts.size() == 2) break;
  }
  if (promise.attempts.empty()) {
    return Promise::untestable("none of the system calls that it is for can be tried harmlessly");
  }
  return promise;
}

Promise system_call_architectures(const Subject& subject) {
  const auto architectures = subject.settings.texts("SystemCallArchitectures");
  if (architectures.empty()) return Promise::off();
  if (!is_x86_64) return Promise::untestable("this machine runs no other machine's system calls");
  if (std::find(architectures.begin(), architectures.end(), "x86") != architectures.end()) {
    return Promise::untestable("it lets i386 system calls through; others this machine has not");
  }
  Promise promise{{must_be_denied({"foreign-call", {}}, {killed(SIGSYS)})}};
  if (std::find(architectures.begin(), architectures.end(), "x32") == architectures.end()) {
    promise.attempts.push_back(
        side_door("the x32 ABI", {"foreign-call", {"x32"}}, {killed(SIGSYS)}, ""));
  }
  return promise;
}

}  // namespace

bool has_call_filter(const Settings& settings) {
  const auto filter = settings.filter("SystemCallFilter");
  return filter.allow_list || !filter.names.empty();
}

std::optional<Outcome> filtered_with(const Settings& settings, std::string_view call) {
  const auto filter = settings.filter("SystemCallFilter");
  for (const auto& entry : filter.names) {
    const std::string_view text = entry;
    const auto colon = text.find(':');
    if (text.substr(0, colon) != call) continue;
    // In an allow list, too, a name with an action is denied with it.
    if (colon != text.npos) return own_denial(text.substr(colon + 1), settings);
    if (filter.allow_list) return std::nullopt;
    return default_denial(settings);
  }
  if (filter.allow_list) return default_denial(settings);
  return std::nullopt;
}

Attempt call_attempt(const std::string& call, const Outcome& denial) {
  Attempt attempt{"system-call", {call}};
  if (denial.kind == Outcome::Kind::denied) attempt.args.push_back(errno_name(denial.number));
  return attempt;
}

void expect_filtered(Promise& promise, const Subject& subject, const std::string& call) {
  if (is_stopped_otherwise(subject.settings, call)) return;
  promise.attempts.push_back(must_be_denied(call_attempt(call, denied(EPERM)), {denied(EPERM)}));
}

void add_foreign_doors(Promise& promise, const Subject& subject, const std::string& call) {
  if (is_stopped_otherwise(subject.settings, call)) return;
  add_doors_by_abi(promise, call, denied(EPERM));
}

std::span<const Guarantee> system_call_guarantees() {
  static constexpr std::array guarantees = {
      Guarantee{"SystemCallFilter", system_call_filter},
      Guarantee{"SystemCallErrorNumber", system_call_error_number},
      Guarantee{"SystemCallArchitectures", system_call_architectures},
  };
  return guarantees;
}

}  // namespace sandproof::guarantee
