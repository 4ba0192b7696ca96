// Whether the probe runs as a user that may own files for good, and not as one from the range that
// systemd takes dynamic users from (systemd's docs/UIDS-GIDS.md: 61184 to 65519).

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "be-static-user",
    .attempts = "getuid(), outside of 61184 to 65519",
    .harmless_because = "nothing is changed",
    .denied_with = {EPERM},
};

probe::Outcome attempt(probe::Args) {
  const long user = sys::getuid();
  if (user < 0) return probe::judge(card, user);
  return user >= 61184 && user <= 65519 ? probe::denied(EPERM) : probe::allowed();
}
