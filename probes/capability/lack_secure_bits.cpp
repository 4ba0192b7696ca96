// Whether any of the bits of MASK is missing from the process' secure bits (capabilities(7)), which
// every thread may ask for.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "lack-secure-bits",
    .attempts = "prctl(PR_GET_SECUREBITS), without some bit of MASK",
    .arguments = "MASK",
    .harmless_because = "nothing is changed",
    .denied_with = {EPERM},
};

probe::Outcome attempt(probe::Args args) {
  const probe::Number mask = args.number(0);
  if (!mask.valid) return probe::usage();
  const long bits = sys::prctl(PR_GET_SECUREBITS);
  if (bits < 0) return probe::judge(card, bits);
  return (mask.value & ~bits) != 0 ? probe::allowed() : probe::denied(EPERM);
}
