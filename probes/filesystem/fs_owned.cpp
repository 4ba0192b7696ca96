// Whether PATH belongs to the user that the probe runs as.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "fs-owned",
    .attempts = "stat(PATH), owned by the effective user",
    .arguments = "PATH",
    .harmless_because = "nothing is changed",
    .denied_with = {EACCES, EPERM},
    .absent_with = {ENOENT, ENOTDIR},
};

probe::Outcome attempt(probe::Args args) {
  struct stat status;
  const long r = sys::newfstatat(AT_FDCWD, args[0], &status, 0);
  if (r >= 0 && status.st_uid != sys::geteuid()) return probe::denied(EPERM);
  return probe::judge(card, r);
}
