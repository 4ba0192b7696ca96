// The side door of whatever is mounted over a path, for whoever may mount: in a mount namespace of
// its own, private before anything is changed in it, the probe takes away every mount on the way to
// where the object was, until some mount shows it. Asks for CAP_SYS_ADMIN.

#include <linux/limits.h>

#include "kit/mounts.h"
#include "kit/probe.h"

constexpr probe::Card card{
    .id = "fs-by-umount",
    .attempts = "unshare(CLONE_NEWNS), umount(COVERED and above), then as fs-by-alias",
    .arguments = "reach FILESYSTEM PATH COVERED",
    .harmless_because = "the mount namespace is the probe's own and ends with it",
    .denied_with = {EACCES, EPERM},
    .absent_with = {ENOENT, ENOTDIR},
};

namespace {

// Takes away what is mounted on PATH, then on the folder above it, and so on up to "/", until there
// is something to be reached.
long uncover(const char* path, probe::Deed deed, const probe::Place& place, probe::Args args) {
  char folder[PATH_MAX];
  size_t length = 0;
  while (path[length] != '\0' && length < sizeof folder - 1) {
    folder[length] = path[length];
    ++length;
  }
  long r = -ENOENT;
  while (length > 1) {
    folder[length] = '\0';
    // A folder may be covered more than once; EINVAL says that it is not any more.
    constexpr int most = 8;
    for (int i = 0; i < most && sys::umount2(folder, MNT_DETACH) >= 0; ++i) {
      r = probe::do_deed_by_mounts(deed, place, args);
      if (r >= 0) return r;
    }
    while (length > 1 && folder[length - 1] != '/') --length;
    while (length > 1 && folder[length - 1] == '/') --length;
  }
  return r;
}

}  // namespace

probe::Outcome attempt(probe::Args args) {
  probe::Deed deed;
  const auto place = probe::Place::from(args, 1);
  if (!probe::parse_deed(args[0], deed) || place.path == nullptr) return probe::usage();
  // What anybody reaches as it is, is another door.
  const long r = probe::enter_mount_namespace();
  if (r < 0) return probe::judge(card, r);
  if (probe::do_deed_by_mounts(deed, place, args) >= 0) return probe::allowed();
  return probe::judge(card, uncover(args[3], deed, place, args));
}
