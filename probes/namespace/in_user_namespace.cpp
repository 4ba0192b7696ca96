// Whoever may make a user namespace has every capability in it, whatever the bounding set was
// (create_user_ns() in the kernel's user_namespace.c), and may mount in a mount namespace that
// belongs to it. What there is of the machine in these, the other probe shows.

#include <linux/capability.h>

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "in-user-namespace",
    .attempts = "unshare(CLONE_NEWUSER), with every capability in it PROBE",
    .arguments = "user|mnt|cgroup PROBE...",
    .harmless_because = "the namespaces are the probe's own; PROBE says why it is harmless",
    // The last two say that the machine has too many of them, or allows none.
    .denied_with = {EPERM, EACCES, ENOSYS, ENOSPC, EUSERS},
};

namespace {

struct Kind {
  const char* name;
  unsigned long flags;
};

// A cgroup2 is mounted in a mount namespace.
constexpr Kind kinds[] = {
    {"user", CLONE_NEWUSER},
    {"mnt", CLONE_NEWUSER | CLONE_NEWNS},
    {"cgroup", CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWCGROUP},
};

long write_file(const char* path, const probe::Text& text) {
  const long fd = sys::open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return fd;
  const long r = sys::write(static_cast<int>(fd), text.c_str(), text.size());
  sys::close(static_cast<int>(fd));
  return r;
}

// Capabilities that stay with a process of no particular user: capabilities(7), ambient.
void keep_capabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = {};
  if (sys::call(__NR_capget, &header, sets) < 0) return;
  for (auto& set : sets) set.inheritable = set.permitted;
  if (sys::call(__NR_capset, &header, sets) < 0) return;
  for (unsigned long capability = 0; capability <= CAP_LAST_CAP; ++capability) {
    sys::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability);
  }
}

// To the kernel its root is the user that it was made by: user_namespaces(7).
long become_root_of_it(long user, long group) {
  long r = write_file("/proc/self/setgroups", probe::Text().add("deny"));
  if (r < 0) return r;
  r = write_file("/proc/self/uid_map", probe::Text().add("0 ").add_number(user).add(" 1"));
  if (r < 0) return r;
  return write_file("/proc/self/gid_map", probe::Text().add("0 ").add_number(group).add(" 1"));
}

}  // namespace

probe::Outcome attempt(probe::Args args) {
  for (const Kind& kind : kinds) {
    if (!probe::equal(args[0], kind.name)) continue;
    const long user = sys::geteuid();
    const long group = sys::call(__NR_getegid);
    const long r = sys::unshare(kind.flags);
    if (r < 0) return probe::judge(card, r);
    // Root may not where it lacks CAP_SETFCAP.
    if (become_root_of_it(user, group) < 0) keep_capabilities();
    return probe::become(args, 1);
  }
  return probe::usage();
}
