// Opens what is there for writing and writes nothing: for files whose content matters, such as
// /proc/sys and /etc/passwd. No O_CREAT and no O_TRUNC, so that nothing is made or emptied.
// What systemd puts in the place of an inaccessible device, FIFO or socket is ENXIO to root.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "fs-open-write",
    .attempts = "open(PATH, O_WRONLY)",
    .arguments = "PATH",
    .harmless_because = "nothing is written",
    .denied_with = {EROFS, EACCES, EPERM},
    .absent_with = {ENOENT, ENOTDIR, ENXIO},
};

probe::Outcome attempt(probe::Args args) {
  return probe::judge(card, sys::open(args[0], O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
}
