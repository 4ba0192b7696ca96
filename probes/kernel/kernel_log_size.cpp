// Asks how large the kernel's log buffer is. syslog(2) asks for the same permission as a read of
// the log, CAP_SYSLOG where kernel.dmesg_restrict is 1, and nothing is read.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "kernel-log-size",
    .attempts = "syslog(SYSLOG_ACTION_SIZE_BUFFER, NULL, 0)",
    .harmless_because = "a size is asked for; no message is read or cleared",
    .denied_with = {EPERM},
};

probe::Outcome attempt(probe::Args) {
  constexpr int size_of_buffer = 10;
  return probe::judge(card, sys::call(__NR_syslog, size_of_buffer, nullptr, 0));
}
