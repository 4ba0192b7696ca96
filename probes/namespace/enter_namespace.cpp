// Enters a namespace of a process outside of the sandbox, which takes ptrace permission over it and
// CAP_SYS_ADMIN in both namespaces.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "enter-namespace",
    .attempts = "setns(open(/proc/PID/ns/TYPE), TYPE)",
    .arguments = "cgroup|ipc|mnt|net|uts PID",
    .harmless_because = "only this process enters, and it ends at once",
    .denied_with = {EPERM, EACCES},
    .absent_with = {ENOENT},
};

namespace {

struct Type {
  const char* name;
  int flag;
};

constexpr Type types[] = {
    {"cgroup", CLONE_NEWCGROUP}, {"ipc", CLONE_NEWIPC}, {"mnt", CLONE_NEWNS},
    {"net", CLONE_NEWNET},       {"uts", CLONE_NEWUTS},
};

}  // namespace

probe::Outcome attempt(probe::Args args) {
  const probe::Number pid = args.number(1);
  if (!pid.valid) return probe::usage();
  for (const Type& type : types) {
    if (!probe::equal(args[0], type.name)) continue;
    probe::Text path;
    path.add("/proc/").add_number(pid.value).add("/ns/").add(type.name);
    const long fd = sys::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return probe::judge(card, fd);
    return probe::judge(card, sys::setns(static_cast<int>(fd), type.flag));
  }
  return probe::usage();
}
