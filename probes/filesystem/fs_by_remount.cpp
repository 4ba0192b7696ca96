// The side door of a read-only mount for whoever may mount: in a mount namespace of its own,
// private before anything is changed in it, every mount of the file system that shows PATH is made
// writable. Asks for CAP_SYS_ADMIN. Where the namespace alone is refused (RestrictNamespaces=), the
// door is open all the same, and is seen to be without going through it: mount_setattr() that
// changes nothing succeeds for whoever may change the mounts that he sees.

#include <linux/mount.h>

#include "kit/mounts.h"
#include "kit/probe.h"

constexpr probe::Card card{
    .id = "fs-by-remount",
    .attempts =
        "unshare(CLONE_NEWNS), mount(MS_REMOUNT|MS_BIND) of FILESYSTEM's mounts, then as "
        "fs-by-alias; without a namespace, mount_setattr() of nothing on them",
    .arguments = "change FILESYSTEM PATH",
    .harmless_because =
        "the mount namespace is the probe's own and ends with it; without one, "
        "nothing is changed",
    .denied_with = {EROFS, EACCES, EPERM},
    .absent_with = {ENOENT, ENOTDIR, EINVAL},
};

namespace {

// Whether the mounts that show the place could be made writable.
long ask_to_remount(const probe::Place& place) {
  static probe::Mounts mounts;
  long r = mounts.read();
  if (r < 0) return r;
  r = -ENOENT;
  while (const probe::Mount* mount = mounts.next()) {
    if (mount->path_to(place) == nullptr) continue;
    const mount_attr nothing = {};
    r = sys::call(__NR_mount_setattr, AT_FDCWD, mount->point, 0, &nothing, sizeof nothing);
    if (r >= 0) return r;
  }
  return r;
}

}  // namespace

probe::Outcome attempt(probe::Args args) {
  probe::Deed deed;
  const auto place = probe::Place::from(args, 1);
  if (!probe::parse_deed(args[0], deed) || place.path == nullptr) return probe::usage();
  if (probe::enter_mount_namespace() < 0) return probe::judge(card, ask_to_remount(place));
  static probe::Mounts mounts;
  long r = mounts.read();
  if (r < 0) return probe::unable("mountinfo", r);
  r = 0;
  while (const probe::Mount* mount = mounts.next()) {
    if (mount->path_to(place) == nullptr) continue;
    const long result = sys::mount(nullptr, mount->point, nullptr, MS_REMOUNT | MS_BIND, nullptr);
    if (result < 0) r = result;
  }
  const long done = probe::do_deed_by_mounts(deed, place, args);
  return probe::judge(card, done < 0 && r < 0 ? r : done);
}
