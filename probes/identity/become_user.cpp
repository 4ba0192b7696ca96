// setuid(2) to another user. EPERM is a lack of CAP_SETUID; EINVAL says that the user namespace
// does not have that user.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "become-user",
    .attempts = "setuid(UID)",
    .arguments = "UID",
    .harmless_because = "the probe does nothing as that user, and exits",
    .denied_with = {EPERM, EINVAL},
};

probe::Outcome attempt(probe::Args args) {
  const probe::Number user = args.number(0);
  if (!user.valid || user.value < 0 || user.value > 0xfffffffe) return probe::usage();
  return probe::judge(card, sys::setuid(static_cast<unsigned int>(user.value)));
}
