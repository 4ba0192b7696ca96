// Whether the probe is in the namespace of this inode number, as stat(2) of /proc/PID/ns/TYPE has
// it.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "share-namespace",
    .attempts = "stat(/proc/self/ns/TYPE), the same inode as outside",
    .arguments = "cgroup|ipc|mnt|net|pid|user|uts INODE",
    .harmless_because = "nothing is changed",
    .denied_with = {EXDEV, EACCES, EPERM},
};

probe::Outcome attempt(probe::Args args) {
  const probe::Number outside = args.number(1);
  if (!outside.valid) return probe::usage();
  probe::Text path;
  path.add("/proc/self/ns/").add(args[0]);
  struct stat status;
  const long r = sys::newfstatat(AT_FDCWD, path.c_str(), &status, 0);
  if (r >= 0 && status.st_ino != static_cast<unsigned long>(outside.value)) {
    return probe::denied(EXDEV);
  }
  return probe::judge(card, r);
}
