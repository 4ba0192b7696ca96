// sched_setaffinity(2) to one processor: EINVAL where the control group of the process does not
// have it.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "run-on-processor",
    .attempts = "sched_setaffinity(0, NUMBER)",
    .arguments = "NUMBER",
    .harmless_because = "it is for the probe alone",
    .denied_with = {EINVAL, EPERM},
};

probe::Outcome attempt(probe::Args args) {
  constexpr long most = 1024;
  const probe::Number number = args.number(0);
  if (!number.valid || number.value < 0 || number.value >= most) return probe::usage();
  unsigned char mask[most / 8] = {};
  mask[number.value / 8] = static_cast<unsigned char>(1 << number.value % 8);
  return probe::judge(card, sys::call(__NR_sched_setaffinity, 0, sizeof mask, mask));
}
