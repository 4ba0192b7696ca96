// Opens a file that /proc has of another process, and that everyone may read.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "see-process",
    .attempts = "open(/proc/PID/status)",
    .arguments = "PID",
    .harmless_because = "nothing is read",
    .denied_with = {EPERM, EACCES},
    .absent_with = {ENOENT, ESRCH},
};

probe::Outcome attempt(probe::Args args) {
  const probe::Number pid = args.number(0);
  if (!pid.valid || pid.value < 1 || pid.value > 0x7fffffff) return probe::usage();
  probe::Text path;
  path.add("/proc/").add_number(pid.value).add("/status");
  const long r = sys::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  // In a PID namespace of its own, the probe may have got the number of the process that is meant.
  if (r >= 0 && sys::getpid() == pid.value) return probe::absent(ENOENT);
  return probe::judge(card, r);
}
