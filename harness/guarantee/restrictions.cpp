#include <array>
#include <cstdint>
#include <string>

#include "guarantee/expect.h"
#include "guarantee/families.h"
#include "guarantee/filtered_calls.h"
#include "guarantee/machine.h"

namespace sandproof::guarantee {

namespace {

constexpr auto shuts_abis = "SystemCallArchitectures=native";

void add(Promise& promise, Expectation expectation) {
  promise.attempts.push_back(std::move(expectation));
}

// The same by the i386 and x32 ABIs.
void add_foreign(Promise& promise, const Attempt& i386, const Attempt& x32,
                 const Promised& promised) {
  if (!is_x86_64) return;
  add(promise, side_door("the i386 system call", i386, promised, shuts_abis));
  add(promise, side_door("the x32 system call", x32, promised, shuts_abis));
}

// Whether SystemCallFilter= denies the call with an errno that the call's probe takes for the
// kernel's own: then an attempt would say that it got through.
bool is_disguised(const Settings& settings, std::string_view call, int error) {
  return filtered_with(settings, call) == denied(error);
}

Promise disguised(std::string_view call) {
  return Promise::untestable("SystemCallFilter= denies " + std::string(call) +
                             "(2) with an errno that the kernel has for it, too");
}

struct NamespaceType {
  const char* name;
  std::uint64_t flag;
};

// With the CLONE_NEW… flag that the property has where the type is allowed.
constexpr std::array namespace_types = {
    NamespaceType{"user", 0x10000000},   NamespaceType{"mnt", 0x00020000},
    NamespaceType{"net", 0x40000000},    NamespaceType{"pid", 0x20000000},
    NamespaceType{"ipc", 0x08000000},    NamespaceType{"uts", 0x04000000},
    NamespaceType{"cgroup", 0x02000000}, NamespaceType{"time", 0x00000080},
};

Promise restrict_namespaces(const Subject& subject) {
  const auto& settings = subject.settings;
  if (settings.find("RestrictNamespaces") == nullptr) return Promise::off();
  const auto allowed_types = settings.number("RestrictNamespaces");
  if (is_disguised(settings, "unshare", EINVAL)) return disguised("unshare");

  Promise promise;
  const NamespaceType* denied_type = nullptr;
  for (const auto& type : namespace_types) {
    const std::string name = type.name;
    const bool is_allowed = (allowed_types & type.flag) != 0;
    // Denied on 252 and 257 whenever others are, and on 262 by its own word; unknown to 247.
    constexpr int first_with_time = 252;
    if (name == "time" && subject.systemd < first_with_time) continue;
    const Attempt attempt{"new-namespace", {"unshare", name}};
    if (is_allowed) {
      add(promise, must_be_allowed(attempt));
      continue;
    }
    add(promise, must_be_denied(attempt, {denied(EPERM)}));
    if (denied_type == nullptr) denied_type = &type;
  }
  if (denied_type == nullptr) return Promise::off();

  const std::string name = denied_type->name;
  if (!is_disguised(settings, "setns", EBADF)) {
    add(promise, must_be_denied({"new-namespace", {"setns", name}}, {denied(EPERM)}));
    // Whatever the descriptor is of.
    add(promise, must_be_denied({"new-namespace", {"setns", "any"}}, {denied(EPERM)}));
  }
  if (!is_disguised(settings, "clone", EINVAL)) {
    add(promise, must_be_denied({"new-namespace", {"clone", name}}, {denied(EPERM)}));
  }
  if (!is_disguised(settings, "clone3", EINVAL)) {
    add(promise, side_door("clone3", {"new-namespace", {"clone3", name}}, {denied(ENOSYS)},
                           "SystemCallFilter=~clone3"));
  }
  add_foreign(promise, {"new-namespace", {"i386-unshare", name}},
              {"new-namespace", {"x32-unshare", name}}, {denied(EPERM)});
  return promise;
}

Promise restrict_realtime(const Subject& subject) {
  const auto& settings = subject.settings;
  if (!settings.boolean("RestrictRealtime")) return Promise::off();
  if (is_disguised(settings, "sched_setscheduler", EINVAL)) return disguised("sched_setscheduler");
  Promise promise;
  for (const char* policy : {"fifo", "rr", "deadline"}) {
    add(promise, must_be_denied({"set-realtime", {"sched_setscheduler", policy}}, {denied(EPERM)}));
  }
  // Filtered on 262, not on 257; without the capability, LimitRTPRIO=0 is what denies it.
  add(promise, side_door("sched_setattr", {"set-realtime", {"sched_setattr", "fifo"}},
                         {denied(EPERM)}, "CapabilityBoundingSet=~CAP_SYS_NICE"));
  add_foreign(promise, {"set-realtime", {"i386-sched_setscheduler", "fifo"}},
              {"set-realtime", {"x32-sched_setscheduler", "fifo"}}, {denied(EPERM)});
  return promise;
}

Promise restrict_suid_sgid(const Subject& subject) {
  const auto& settings = subject.settings;
  if (!settings.boolean("RestrictSUIDSGID")) return Promise::off();
  Promise promise;
  for (const char* call : {"fchmod", "fchmodat", "openat", "mkdirat", "mknodat"}) {
    if (is_disguised(settings, call, EBADF)) continue;
    add(promise, must_be_denied({"make-suid", {call}}, {denied(EPERM)}));
  }
  if (promise.attempts.empty()) return disguised("fchmod");
  // Open on 247, whose seccomp library does not know the call and so cannot shut it either.
  if (!is_disguised(settings, "fchmodat2", EBADF)) {
    add(promise, side_door("fchmodat2", {"make-suid", {"fchmodat2"}}, {denied(EPERM)}, ""));
  }
  if (!is_disguised(settings, "openat2", EBADF)) {
    add(promise,
        side_door("openat2", {"make-suid", {"openat2"}}, {denied(ENOSYS), denied(EPERM)}, ""));
  }
  if (!is_disguised(settings, "fchmod", EBADF)) {
    add_foreign(promise, {"make-suid", {"i386-fchmod"}}, {"make-suid", {"x32-fchmod"}},
                {denied(EPERM)});
  }
  if (!subject.writable_folder.empty()) {
    add(promise, side_door("open(O_TMPFILE)", {"make-suid", {"tmpfile", subject.writable_folder}},
                           {denied(EPERM)}, ""));
    add(promise, side_door("io_uring", {"make-suid", {"io-uring", subject.writable_folder}},
                           {denied(EPERM)}, "SystemCallFilter=~@aio"));
  }
  return promise;
}

Promise lock_personality(const Subject& subject) {
  if (!subject.settings.boolean("LockPersonality")) return Promise::off();
  Promise promise;
  add(promise, must_be_denied({"query-personality", {}}, {denied(EPERM)}));
  add_foreign(promise, {"query-personality", {"i386"}}, {"query-personality", {"x32"}},
              {denied(EPERM)});
  return promise;
}

Promise memory_deny_write_execute(const Subject& subject) {
  if (!subject.settings.boolean("MemoryDenyWriteExecute")) return Promise::off();
  // Since 254 the kernel does it, where it can (PR_SET_MDWE, Linux 6.3), and says EACCES; a filter
  // says EPERM.
  constexpr int first_with_prctl = 254;
  Promised promised = {denied(EPERM)};
  if (subject.systemd >= first_with_prctl) promised.push_back(denied(EACCES));

  Promise promise;
  for (const char* call : {"mmap", "mprotect", "shmat"}) {
    add(promise, must_be_denied({"map-executable", {call}}, promised));
  }
  if (is_x86_64) {
    // Open to the filter of 247 and 252, which looks for PROT_EXEC.
    add(promise,
        side_door("personality(READ_IMPLIES_EXEC)", {"map-executable", {"read-implies-exec"}},
                  promised, "LockPersonality=yes"));
    // Open to the filter of 247 and 252, which has no shmat(2) of i386 to look for.
    add(promise, side_door("i386 system call 117 (ipc)", {"map-executable", {"i386-ipc"}}, promised,
                           shuts_abis));
  }
  add_foreign(promise, {"map-executable", {"i386-mmap2"}}, {"map-executable", {"x32-mmap"}},
              promised);
  // systemd.exec(5) says so, and what is against it.
  promise.limits.push_back({{"map-executable", {"memfd"}},
                            "lets a memfd be mapped twice, writable and executable, without "
                            "SystemCallFilter=~memfd_create"});
  if (!subject.writable_folder.empty()) {
    promise.limits.push_back({{"map-executable", {"file", subject.writable_folder}},
                              "lets a file be mapped twice, writable and executable, without "
                              "NoExecPaths=/ and ExecPaths="});
  }
  return promise;
}

}  // namespace

std::span<const Guarantee> restriction_guarantees() {
  static constexpr std::array guarantees = {
      Guarantee{"RestrictNamespaces", restrict_namespaces},
      Guarantee{"RestrictRealtime", restrict_realtime},
      Guarantee{"RestrictSUIDSGID", restrict_suid_sgid},
      Guarantee{"LockPersonality", lock_personality},
      Guarantee{"MemoryDenyWriteExecute", memory_deny_write_execute},
  };
  return guarantees;
}

}  // namespace sandproof::guarantee
