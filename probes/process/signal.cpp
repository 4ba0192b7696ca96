// Signal 0 asks for all that any signal asks for, and is not sent.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "signal",
    .attempts = "kill(PID, 0)",
    .arguments = "PID",
    .harmless_because = "signal 0 is not sent",
    .denied_with = {EPERM},
    .absent_with = {ESRCH},
};

probe::Outcome attempt(probe::Args args) {
  const probe::Number pid = args.number(0);
  if (!pid.valid || pid.value < 1 || pid.value > 0x7fffffff) return probe::usage();
  const long r = sys::kill(static_cast<int>(pid.value), 0);
  // In a PID namespace of its own, the probe may have got the number of the process that is meant.
  if (r >= 0 && sys::getpid() == pid.value) return probe::absent(ESRCH);
  return probe::judge(card, r);
}
