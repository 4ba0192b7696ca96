// Whether execve(2) of a setuid program would change the user: the kernel's no_new_privs flag is
// all that it asks, and that can be read. Told as EPERM where the flag is set.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "gain-privileges",
    .attempts = "prctl(PR_GET_NO_NEW_PRIVS) is 0",
    .harmless_because = "nothing is changed",
    .denied_with = {EPERM},
};

probe::Outcome attempt(probe::Args) {
  const long r = sys::prctl(PR_GET_NO_NEW_PRIVS);
  return r == 1 ? probe::denied(EPERM) : probe::judge(card, r);
}
