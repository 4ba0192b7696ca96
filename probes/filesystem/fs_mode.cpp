// Whether the mode of PATH has no bit that MODE, octal, does not have.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "fs-mode",
    .attempts = "stat(PATH), of mode MODE at most",
    .arguments = "PATH MODE",
    .harmless_because = "nothing is changed",
    .denied_with = {EACCES, EPERM},
    .absent_with = {ENOENT, ENOTDIR},
};

probe::Outcome attempt(probe::Args args) {
  mode_t most = 0;
  for (const char* digit = args[1]; *digit != '\0'; ++digit) {
    if (*digit < '0' || *digit > '7') return probe::usage();
    most = most * 8 + static_cast<mode_t>(*digit - '0');
  }
  struct stat status;
  const long r = sys::newfstatat(AT_FDCWD, args[0], &status, 0);
  if (r >= 0 && (status.st_mode & 07777 & ~most) != 0) return probe::denied(EPERM);
  return probe::judge(card, r);
}
