// Another instance of a file system that the kernel makes by itself: proc, sysfs, cgroup2,
// devtmpfs. What is mounted over the others, and that they are read-only, does not count for it. It
// is attached nowhere, so no namespace changes, and it is gone at exit. Asks for CAP_SYS_ADMIN.

#pragma once

#include <linux/mount.h>

#include "kit/sys.h"

namespace probe {

// A descriptor of its root, or a negative errno.
inline long mount_fresh(const char* type) {
  const long context = sys::call(__NR_fsopen, type, FSOPEN_CLOEXEC);
  if (context < 0) return context;
  const auto fd = static_cast<int>(context);
  const long r = sys::call(__NR_fsconfig, fd, FSCONFIG_CMD_CREATE);
  if (r < 0) return r;
  return sys::call(__NR_fsmount, fd, FSMOUNT_CLOEXEC);
}

}  // namespace probe
