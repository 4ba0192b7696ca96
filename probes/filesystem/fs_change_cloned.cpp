// The side door of a read-only mount for whoever may mount: a detached copy of it, made writable,
// which comes to the same as `mount -o remount,bind,rw`. The copy is attached nowhere, so nobody
// else sees it, and it is gone when the probe exits. Everything asks for CAP_SYS_ADMIN.

#include <linux/mount.h>

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "fs-change-cloned",
    .attempts = "open_tree(PATH, OPEN_TREE_CLONE), mount_setattr(-ro), then as fs-change",
    .arguments = "PATH",
    .harmless_because =
        "the copy is attached nowhere; the new directory is removed, of a file nothing is written",
    .denied_with = {EROFS, EACCES, EPERM},
    .absent_with = {ENOENT},
};

probe::Outcome attempt(probe::Args args) {
  const long copy =
      sys::call(__NR_open_tree, AT_FDCWD, args[0], OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
  if (copy < 0) return probe::judge(card, copy);
  const auto fd = static_cast<int>(copy);
  mount_attr attributes{};
  attributes.attr_clr = MOUNT_ATTR_RDONLY;
  long r = sys::call(__NR_mount_setattr, fd, "", AT_EMPTY_PATH, &attributes, sizeof attributes);
  if (r < 0) return probe::judge(card, r);

  probe::Text name;
  name.add(".sandproof-").add(args.token().text);
  r = sys::mkdirat(fd, name.c_str(), 0700);
  if (r >= 0) sys::unlinkat(fd, name.c_str(), AT_REMOVEDIR);
  if (r == -ENOTDIR) {
    struct stat status;
    r = sys::fstat(fd, &status);
    // Opening a FIFO or a device may do something by itself.
    if (r >= 0 && !S_ISREG(status.st_mode)) return probe::unable("neither a file nor a directory");
    // The way to open a file that there is a descriptor of, but no path to.
    probe::Text link;
    link.add("/proc/self/fd/").add_number(fd);
    r = sys::open(link.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  }
  return probe::judge(card, r);
}
