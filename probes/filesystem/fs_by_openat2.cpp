// The deed by openat2(2), which takes its flags in memory where no filter can look: whoever keeps a
// process from a path by looking at the flags of open(2) and openat(2) forgets it. What is mounted
// over the path is not the object. A directory is changed by a file in it that has no name.

#include "kit/mounts.h"
#include "kit/probe.h"

constexpr probe::Card card{
    .id = "fs-by-openat2",
    .attempts = "openat2(PATH of FILESYSTEM, O_RDONLY), or O_WRONLY, or O_TMPFILE in it",
    .arguments = "reach|change FILESYSTEM PATH",
    .harmless_because = "nothing is read or written, and the new file has no name",
    .denied_with = {EROFS, EACCES, EPERM},
    // ENOSYS: RestrictSUIDSGID= takes the whole call away. EXDEV: another mount covers it.
    .absent_with = {ENOENT, ENOTDIR, ENODATA, ENOSYS, EXDEV},
};

namespace {

// As <linux/openat2.h> has it.
struct OpenHow {
  uint64_t flags, mode, resolve;
};

long open_by_openat2(const char* path, int flags, mode_t mode = 0) {
  const OpenHow how{.flags = static_cast<uint64_t>(flags | O_CLOEXEC), .mode = mode, .resolve = 0};
  return sys::call(__NR_openat2, AT_FDCWD, path, &how, sizeof how);
}

// 0, or a negative errno: -EXDEV where the object is on another file system.
long is_on(uint64_t file_system, int object) {
  const long id = probe::mount_of(object);
  if (id < 0) return id;
  static probe::Mounts mounts;
  const long r = mounts.read();
  if (r < 0) return r;
  while (const probe::Mount* mount = mounts.next()) {
    if (static_cast<long>(mount->id) != id) continue;
    return mount->file_system == file_system ? 0 : -EXDEV;
  }
  return -EXDEV;
}

long reach(const char* path, mode_t mode) {
  const long r = open_by_openat2(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  // What systemd puts in the place of an inaccessible path.
  return r >= 0 && (mode & 07777) == 0 ? -ENODATA : r;
}

long change(const char* path, mode_t mode) {
  constexpr mode_t of_owner = 0600;
  if (S_ISDIR(mode)) return open_by_openat2(path, O_TMPFILE | O_WRONLY, of_owner);
  return open_by_openat2(path, O_WRONLY | O_NONBLOCK | O_NOCTTY);
}

}  // namespace

probe::Outcome attempt(probe::Args args) {
  probe::Deed deed;
  const probe::Number file_system = args.number(1);
  if (!probe::parse_deed(args[0], deed) || !file_system.valid) return probe::usage();
  const char* path = args[2];
  const long object = open_by_openat2(path, O_PATH);
  if (object < 0) return probe::judge(card, object);
  long r = is_on(static_cast<uint64_t>(file_system.value), static_cast<int>(object));
  if (r < 0) return probe::judge(card, r);
  struct stat status;
  r = sys::fstat(static_cast<int>(object), &status);
  if (r < 0) return probe::unable("fstat", r);
  // Sockets, FIFOs and devices are not opened, for that alone may do something.
  if (!S_ISDIR(status.st_mode) && !S_ISREG(status.st_mode)) {
    return probe::judge(card, probe::do_deed(deed, static_cast<int>(object), args));
  }
  return probe::judge(card, deed == probe::Deed::reach ? reach(path, status.st_mode)
                                                       : change(path, status.st_mode));
}
