// Opens /proc/kmsg or /dev/kmsg and reads nothing, for what is read from /proc/kmsg is gone. Root
// may open the placeholder that systemd puts over an inaccessible file, too: it has mode 0000, and
// the real one has not.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "open-kernel-log",
    .attempts = "open(PATH, O_RDONLY)",
    .arguments = "PATH",
    .harmless_because = "nothing is read",
    .denied_with = {EACCES, EPERM},
    .absent_with = {ENOENT, ENODATA, ENXIO},
};

probe::Outcome attempt(probe::Args args) {
  const long fd = sys::open(args[0], O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return probe::judge(card, fd);
  struct stat status;
  const long r = sys::fstat(static_cast<int>(fd), &status);
  if (r < 0) return probe::unable("fstat", r);
  if ((status.st_mode & 07777) == 0) return probe::absent(ENODATA);
  return probe::allowed();
}
