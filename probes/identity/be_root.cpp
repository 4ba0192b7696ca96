// Whether any of the probe's user ids is root's: the real, the effective, or the saved one, to
// which a process may go back without asking. Every filter lets the question pass.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "be-root",
    .attempts = "getresuid(), any of them 0",
    .harmless_because = "nothing is changed",
    .denied_with = {EPERM},
};

probe::Outcome attempt(probe::Args) {
  unsigned int real = 0;
  unsigned int effective = 0;
  unsigned int saved = 0;
  const long r = sys::call(__NR_getresuid, &real, &effective, &saved);
  if (r < 0) return probe::judge(card, r);
  return real == 0 || effective == 0 || saved == 0 ? probe::allowed() : probe::denied(EPERM);
}
