// Whether what is at PATH is the real thing and may be read. What systemd puts in the place of an
// inaccessible path is empty and has mode 0000, and root opens that: it is told as `absent
// ENODATA`. Unlike fs-read, an empty file or directory that somebody may open is `allowed`, since
// being empty is not being out of reach. Sockets, FIFOs and devices are not opened, for that alone
// may do something: the kernel is asked whether it would.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "fs-reach",
    .attempts = "open(PATH, O_RDONLY); of a socket, FIFO or device, access(PATH, R_OK)",
    .arguments = "PATH",
    .harmless_because = "nothing is read",
    .denied_with = {EACCES, EPERM},
    .absent_with = {ENOENT, ENOTDIR, ENODATA},
};

probe::Outcome attempt(probe::Args args) {
  struct stat status;
  long r = sys::newfstatat(AT_FDCWD, args[0], &status, 0);
  if (r < 0) return probe::judge(card, r);
  if (S_ISDIR(status.st_mode) || S_ISREG(status.st_mode)) {
    r = sys::open(args[0], O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  } else {
    r = sys::faccessat(AT_FDCWD, args[0], R_OK);
  }
  if (r >= 0 && (status.st_mode & 07777) == 0) return probe::absent(ENODATA);
  return probe::judge(card, r);
}
