// PTRACE_SEIZE asks for all that PTRACE_ATTACH asks for, and does not stop the other process. No
// option is set, so when the probe exits the kernel lets go of it, unharmed.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "ptrace",
    .attempts = "ptrace(PTRACE_SEIZE, PID)",
    .arguments = "PID",
    .harmless_because = "the process is not stopped, and is let go when the probe exits",
    .denied_with = {EPERM},
    .absent_with = {ESRCH},
};

probe::Outcome attempt(probe::Args args) {
  const probe::Number pid = args.number(0);
  if (!pid.valid || pid.value < 1 || pid.value > 0x7fffffff) return probe::usage();
  return probe::judge(card, sys::ptrace(PTRACE_SEIZE, static_cast<int>(pid.value)));
}
