#include <sys/utsname.h>

#include <array>
#include <string>

#include "guarantee/expect.h"
#include "guarantee/families.h"
#include "guarantee/filtered_calls.h"
#include "guarantee/own_namespace.h"

namespace sandproof::guarantee {

namespace {

constexpr auto mounting_is_shut_by = "CapabilityBoundingSet=~CAP_SYS_ADMIN";
constexpr auto entering_is_shut_by = "CapabilityBoundingSet=~CAP_SYS_PTRACE";

void add(Promise& promise, Expectation expectation) {
  promise.attempts.push_back(std::move(expectation));
}

Expectation must_not_be_held(std::vector<std::string> capabilities) {
  capabilities.insert(capabilities.begin(), "bounding");
  return must_be_denied({"hold-capability", std::move(capabilities)}, {denied(EPERM)});
}

// What is put in the place of an inaccessible path: nobody but root may read it, and there is
// nothing in it.
const Promised inaccessible = {denied(EACCES), absent(ENODATA)};

// The ways around read-only mounts for a process that has kept its capabilities. A unit with a PID
// namespace of its own sees no process outside of it.
void add_mount_doors(Promise& promise, const Subject& subject, const std::string& path) {
  add(promise, side_door("a copy of the mount", {"fs-change-cloned", {path}}, {denied(EROFS)},
                         mounting_is_shut_by));
  if (!has_own_pid_1(subject.settings)) {
    add(promise, side_door("the root of PID 1", {"fs-open-write", {"/proc/1/root" + path}},
                           {denied(EROFS)}, entering_is_shut_by));
  }
}

// With ProcSubset=pid there is nothing in /proc but processes, and that directive shows it.
bool has_kernel_files(const Settings& settings) { return settings.text("ProcSubset") != "pid"; }

void add_tunables_in_proc(Promise& promise, const Subject& subject, const std::string& tunable) {
  add(promise, must_be_denied({"unlink-nothing", {"/proc/sys"}}, {denied(EROFS)}));
  add(promise, must_be_denied({"fs-open-write", {tunable}}, {denied(EROFS)}));
  for (const char* directory : {"/proc/fs", "/proc/irq"}) {
    if (subject.exists(directory)) {
      add(promise, must_be_denied({"unlink-nothing", {directory}}, {denied(EROFS)}));
    }
  }
  if (subject.exists("/proc/sysrq-trigger")) {
    add(promise, must_be_denied({"fs-open-write", {"/proc/sysrq-trigger"}}, {denied(EROFS)}));
  }
  if (subject.exists("/proc/kallsyms")) {
    add(promise, must_be_denied({"fs-read", {"/proc/kallsyms"}}, inaccessible));
  }
}

Promise protect_kernel_tunables(const Subject& subject) {
  if (!subject.settings.boolean("ProtectKernelTunables")) return Promise::off();
  const std::string tunable = "/proc/sys/kernel/core_pattern";
  Promise promise;
  // Writable on 257 and 262 where no PrivateNetwork= mounts another one: a bind mount of /sys that
  // is left out, since it is there already, takes the place of the read-only one.
  add(promise, must_be_denied({"unlink-nothing", {"/sys"}}, {denied(EROFS)}));
  if (has_kernel_files(subject.settings)) add_tunables_in_proc(promise, subject, tunable);
  add_mount_doors(promise, subject, tunable);
  add(promise, side_door("another /proc", {"open-write-fresh", {"proc", "sys/kernel/core_pattern"}},
                         {denied(EROFS)}, mounting_is_shut_by));
  return promise;
}

// The folder of the running kernel's modules; "" where it cannot be told.
std::string modules_folder() {
  utsname names;
  return uname(&names) == 0 ? std::string("/usr/lib/modules/") + names.release : "";
}

Promise protect_kernel_modules(const Subject& subject) {
  if (!subject.settings.boolean("ProtectKernelModules")) return Promise::off();
  Promise promise;
  add(promise, must_not_be_held({"CAP_SYS_MODULE"}));
  for (const char* call : {"init_module", "finit_module", "delete_module"}) {
    expect_filtered(promise, subject, call);
  }
  if (const auto folder = modules_folder(); !folder.empty() && subject.exists(folder)) {
    add(promise, must_be_denied({"fs-read", {"/usr/lib/modules"}}, inaccessible));
  }
  add_foreign_doors(promise, subject, "init_module");
  return promise;
}

Promise protect_kernel_logs(const Subject& subject) {
  if (!subject.settings.boolean("ProtectKernelLogs")) return Promise::off();
  Promise promise;
  add(promise, must_not_be_held({"CAP_SYSLOG"}));
  add(promise, must_be_denied({"kernel-log-size", {}}, {denied(EPERM)}));
  if (subject.exists("/proc/kmsg") && has_kernel_files(subject.settings)) {
    add(promise, must_be_denied({"open-kernel-log", {"/proc/kmsg"}}, inaccessible));
  }
  // Its placeholder is a device without a driver. With PrivateDevices= there is none at all.
  if (subject.exists("/dev/kmsg") && !subject.settings.boolean("PrivateDevices")) {
    add(promise, must_be_denied({"open-kernel-log", {"/dev/kmsg"}},
                                {denied(EACCES), absent(ENXIO), absent(ENODATA)}));
  }
  add_foreign_doors(promise, subject, "syslog");
  return promise;
}

// "yes", "no", and since 257 "private" and "strict", for which the boolean is true, too.
std::string protect_control_groups_value(const Settings& settings) {
  auto value = settings.text("ProtectControlGroupsEx");
  if (!value.empty()) return value;
  return settings.boolean("ProtectControlGroups") ? "yes" : "no";
}

Promise protect_control_groups(const Subject& subject) {
  const auto value = protect_control_groups_value(subject.settings);
  if (value == "no") return Promise::off();
  const std::string tree = "/sys/fs/cgroup";
  Promise promise;
  // A control group namespace of the unit's own: the tree begins with its own group.
  if (value != "yes") {
    expect_own_namespace(promise, subject, "cgroup");
    add(promise, must_be_denied({"fs-read", {tree + "/init.scope"}}, {absent(ENOENT)}));
  }
  if (value != "private") {
    add(promise, must_be_denied({"unlink-nothing", {tree}}, {denied(EROFS)}));
    add(promise, must_be_denied({"fs-write", {tree}}, {denied(EROFS)}));
    add_mount_doors(promise, subject, tree + "/cgroup.procs");
    const Attempt fresh{"open-write-fresh", {"cgroup2", "cgroup.procs"}};
    add(promise, side_door("another cgroup2", fresh, {denied(EPERM)}, mounting_is_shut_by));
    // Nothing but the owner of its files keeps it from being written: unlike proc and sysfs, a
    // cgroup2 is not compared with the one that is there already.
    add(promise,
        side_door("another cgroup2 in a new user namespace", in_user_namespace("cgroup", fresh),
                  {denied(EPERM)}, "RestrictNamespaces=yes"));
  }
  return promise;
}

Promise protect_clock(const Subject& subject) {
  if (!subject.settings.boolean("ProtectClock")) return Promise::off();
  Promise promise;
  // Anyone may ask for the clock's state, and by the same call it is set.
  add(promise, must_be_denied({"query-clock", {}}, {denied(EPERM)}));
  add(promise, must_be_denied({"set-time", {}}, {denied(EPERM)}));
  add(promise, must_not_be_held({"CAP_SYS_TIME", "CAP_WAKE_ALARM"}));
  add_foreign_doors(promise, subject, "adjtimex");
  return promise;
}

// Since 258 ProtectHostname= may be `private`: a name of the unit's own, which it may change.
bool is_hostname_private(const Settings& settings) {
  const auto* value = settings.find("ProtectHostnameEx");
  return value != nullptr && value->is_container() && !value->elements().empty() &&
         to_string(value->elements().front()) == "private";
}

Promise protect_hostname(const Subject& subject) {
  const auto& settings = subject.settings;
  if (!settings.boolean("ProtectHostname")) return Promise::off();
  Promise promise;
  expect_own_namespace(promise, subject, "uts");
  if (is_hostname_private(settings)) {
    if (!promise.attempts.empty()) return promise;
    return Promise::untestable("the unit has a host name of its own, and may change it");
  }
  add(promise, must_be_denied({"set-hostname", {}}, {denied(EPERM)}));
  expect_filtered(promise, subject, "setdomainname");
  add(promise,
      side_door("/proc/sys/kernel/hostname", {"fs-open-write", {"/proc/sys/kernel/hostname"}},
                {denied(EROFS)}, "ProtectKernelTunables=yes"));
  if (!has_own_pid_1(settings)) {
    add(promise, side_door("the UTS namespace of PID 1", {"enter-namespace", {"uts", "1"}},
                           {denied(EPERM)}, "RestrictNamespaces=yes"));
  }
  add_foreign_doors(promise, subject, "sethostname");
  return promise;
}

}  // namespace

std::span<const Guarantee> kernel_guarantees() {
  static constexpr std::array guarantees = {
      Guarantee{"ProtectKernelTunables", protect_kernel_tunables},
      Guarantee{"ProtectKernelModules", protect_kernel_modules},
      Guarantee{"ProtectKernelLogs", protect_kernel_logs},
      Guarantee{"ProtectControlGroups", protect_control_groups},
      Guarantee{"ProtectClock", protect_clock},
      Guarantee{"ProtectHostname", protect_hostname},
  };
  return guarantees;
}

}  // namespace sandproof::guarantee
