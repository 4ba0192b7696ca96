// Whether a new file could have any of the bits of MODE, octal: what mkdir(2) and open(2) leave of
// a mode is decided by the umask alone. Asking for it sets it, but only the probe's own.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "pass-umask",
    .attempts = "umask(0) returns a mask without some bit of MODE",
    .arguments = "MODE",
    .harmless_because = "the mask is the probe's own",
    .denied_with = {EPERM},
};

probe::Outcome attempt(probe::Args args) {
  long mode = 0;
  for (const char* digit = args[0]; *digit != '\0'; ++digit) {
    if (*digit < '0' || *digit > '7') return probe::usage();
    mode = mode * 8 + (*digit - '0');
  }
  const long mask = sys::call(__NR_umask, 0);
  if (mask < 0) return probe::judge(card, mask);
  return (mode & ~mask) != 0 ? probe::allowed() : probe::denied(EPERM);
}
