// The side door of a read-only or covered /proc for whoever may mount: another instance of it. It
// is attached nowhere, so no namespace changes, and it is gone at exit. Asks for CAP_SYS_ADMIN.

#include <linux/mount.h>

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "write-fresh-proc",
    .attempts = "fsopen(\"proc\"), fsmount, openat(FILE, O_WRONLY)",
    .arguments = "FILE",
    .harmless_because = "the new instance is attached nowhere, and nothing is written",
    .denied_with = {EPERM, EROFS, EACCES},
    .absent_with = {ENOENT, ENOTDIR},
};

probe::Outcome attempt(probe::Args args) {
  const long context = sys::call(__NR_fsopen, "proc", FSOPEN_CLOEXEC);
  if (context < 0) return probe::judge(card, context);
  const auto fd = static_cast<int>(context);
  const long r = sys::call(__NR_fsconfig, fd, FSCONFIG_CMD_CREATE);
  if (r < 0) return probe::judge(card, r);
  const long proc = sys::call(__NR_fsmount, fd, FSMOUNT_CLOEXEC);
  if (proc < 0) return probe::judge(card, proc);
  return probe::judge(
      card, sys::openat(static_cast<int>(proc), args[0], O_WRONLY | O_NONBLOCK | O_CLOEXEC));
}
