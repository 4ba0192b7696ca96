// adjtimex(2) without a mode changes nothing and asks for no capability: a filter on the calls that
// set the clock is all that can deny it, to any user.

#include <sys/timex.h>

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "query-clock",
    .attempts = "adjtimex({.modes = 0})",
    .harmless_because = "without a mode it is a query",
    .denied_with = {EPERM},
};

probe::Outcome attempt(probe::Args) {
  timex state{};
  return probe::judge(card, sys::call(__NR_adjtimex, &state));
}
