// The side door of whatever is mounted over PATH, for whoever may mount: in a mount namespace of
// its own, private before anything is changed in it, the probe takes away every mount on the way to
// PATH and reads there. What it can read as it is needs none of that. Everything asks for
// CAP_SYS_ADMIN.

#include <linux/limits.h>

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "fs-reach-uncovered",
    .attempts = "unshare(CLONE_NEWNS), umount(PATH and above), open(PATH, O_RDONLY)",
    .arguments = "PATH",
    .harmless_because = "the mount namespace is the probe's own and ends with it",
    .denied_with = {EACCES, EPERM},
    .absent_with = {ENOENT, ENOTDIR, ENODATA},
};

namespace {

long reach(const char* path) {
  struct stat status;
  long r = sys::newfstatat(AT_FDCWD, path, &status, 0);
  if (r < 0) return r;
  r = sys::open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (r < 0) return r;
  sys::close(static_cast<int>(r));
  // What systemd puts in the place of an inaccessible path.
  return (status.st_mode & 07777) == 0 ? -ENODATA : 0;
}

// Takes away what is mounted on PATH, then on the folder above it, and so on up to "/", until there
// is something to be reached.
long uncover(const char* path) {
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
      r = reach(path);
      if (r >= 0) return r;
    }
    while (length > 1 && folder[length - 1] != '/') --length;
    while (length > 1 && folder[length - 1] == '/') --length;
  }
  return r;
}

}  // namespace

probe::Outcome attempt(probe::Args args) {
  if (reach(args[0]) >= 0) return probe::allowed();
  long r = sys::unshare(CLONE_NEWNS);
  if (r < 0) return probe::judge(card, r);
  // Without this, a mount that goes away here goes away where the namespace was copied from.
  r = sys::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
  if (r < 0) return probe::judge(card, r);
  return probe::judge(card, uncover(args[0]));
}
