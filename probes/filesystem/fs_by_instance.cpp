// The side door of a read-only or covered path for whoever may mount: the file system mounted once
// more. That the kernel gives the one that is there already is shown by its number. Only a block
// device that is mounted, and file systems that the kernel makes by itself, are: of any other a new
// one would be made, and to mount the wrong one might do something. Asks for CAP_SYS_ADMIN.

#include <linux/mount.h>

#include "kit/mounts.h"
#include "kit/probe.h"

constexpr probe::Card card{
    .id = "fs-by-instance",
    .attempts = "fsopen(type of FILESYSTEM), fsconfig(source), fsmount, then as fs-by-alias",
    .arguments = "reach|change FILESYSTEM PATH",
    .harmless_because = "it is mounted already, and the new mount is attached nowhere",
    .denied_with = {EROFS, EACCES, EPERM},
    .absent_with = {ENOENT, ENOTDIR, ENODEV, EXDEV},
};

namespace {

constexpr const char* singular[] = {"proc",    "sysfs",   "cgroup2",  "devtmpfs",
                                    "debugfs", "tracefs", "configfs", "securityfs"};

uint64_t number_of(dev_t device) {
  return ((device >> 8 & 0xfff) | (device >> 32 & ~uint64_t{0xfff})) << 20 |
         ((device & 0xff) | (device >> 12 & 0xfff00));
}

bool is_safe(const probe::Mount& mount) {
  for (const char* type : singular) {
    if (probe::equal(mount.type, type)) return true;
  }
  struct stat status;
  return sys::newfstatat(AT_FDCWD, mount.source, &status, 0) >= 0 && S_ISBLK(status.st_mode) &&
         number_of(status.st_rdev) == mount.file_system;
}

long mount_again(const probe::Mount& mount) {
  const long context = sys::call(__NR_fsopen, mount.type, FSOPEN_CLOEXEC);
  if (context < 0) return context;
  const auto fd = static_cast<int>(context);
  long r = sys::call(__NR_fsconfig, fd, FSCONFIG_SET_STRING, "source", mount.source, 0);
  if (r < 0) return r;
  r = sys::call(__NR_fsconfig, fd, FSCONFIG_CMD_CREATE);
  if (r < 0) return r;
  return sys::call(__NR_fsmount, fd, FSMOUNT_CLOEXEC);
}

long do_deed_by_instance(probe::Deed deed, const probe::Mount& mount, const probe::Place& place,
                         probe::Args args) {
  const long root = mount_again(mount);
  if (root < 0) return root;
  const auto fd = static_cast<int>(root);
  struct stat status;
  const long r = sys::fstat(fd, &status);
  if (r < 0) return r;
  if (number_of(status.st_dev) != place.file_system) return -EXDEV;
  const long object =
      probe::open_on_mount(fd, probe::equal(place.path, "/") ? "." : place.path + 1);
  if (object < 0) return object;
  return probe::do_deed(deed, static_cast<int>(object), args);
}

}  // namespace

probe::Outcome attempt(probe::Args args) {
  probe::Deed deed;
  const auto place = probe::Place::from(args, 1);
  if (!probe::parse_deed(args[0], deed) || place.path == nullptr) return probe::usage();
  static probe::Mounts mounts;
  const long r = mounts.read();
  if (r < 0) return probe::unable("mountinfo", r);
  while (const probe::Mount* mount = mounts.next()) {
    if (mount->file_system != place.file_system || !is_safe(*mount)) continue;
    return probe::judge(card, do_deed_by_instance(deed, *mount, place, args));
  }
  return probe::absent(ENODEV);
}
