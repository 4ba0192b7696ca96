// sethostname(2) to the name that the machine has already. CAP_SYS_ADMIN is asked for before the
// name is looked at.

#include <sys/utsname.h>

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "set-hostname",
    .attempts = "sethostname(the present name)",
    .harmless_because = "the name stays what it is",
    .denied_with = {EPERM},
};

probe::Outcome attempt(probe::Args) {
  utsname names;
  const long r = sys::call(__NR_uname, &names);
  if (r < 0) return probe::unable("uname", r);
  size_t length = 0;
  while (names.nodename[length] != '\0') ++length;
  return probe::judge(card, sys::sethostname(names.nodename, length));
}
