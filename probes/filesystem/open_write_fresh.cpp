// The side door of a read-only or covered /proc, /sys, /sys/fs/cgroup or /dev for whoever may
// mount: another instance of it.

#include "kit/fresh.h"
#include "kit/probe.h"

constexpr probe::Card card{
    .id = "open-write-fresh",
    .attempts = "fsopen(TYPE), fsmount, openat(FILE, O_WRONLY)",
    .arguments = "proc|sysfs|cgroup2|devtmpfs FILE",
    .harmless_because = "the new instance is attached nowhere, and nothing is written",
    .denied_with = {EPERM, EROFS, EACCES},
    .absent_with = {ENOENT, ENOTDIR},
};

probe::Outcome attempt(probe::Args args) {
  const long root = probe::mount_fresh(args[0]);
  if (root < 0) return probe::judge(card, root);
  return probe::judge(
      card, sys::openat(static_cast<int>(root), args[1], O_WRONLY | O_NONBLOCK | O_CLOEXEC));
}
