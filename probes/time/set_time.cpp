// settimeofday(2) asks for CAP_SYS_TIME before it looks at its arguments, so two null pointers
// reach the gate and go no further: unconfined it returns 0 and the clock keeps its time.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "set-time",
    .attempts = "settimeofday(NULL, NULL)",
    .harmless_because = "with no time and no timezone there is nothing to change",
    .denied_with = {EPERM},
};

probe::Outcome attempt(probe::Args) {
  return probe::judge(card, sys::settimeofday(nullptr, nullptr));
}
