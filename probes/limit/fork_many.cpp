// COUNT processes beside the probe, all at once: RLIMIT_NPROC and the pids controller both say
// EAGAIN to one too many. Each waits for the end of a pipe that the probe alone can write to, so
// that they end with it, whatever becomes of it.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "fork-many",
    .attempts = "fork(), COUNT times, at most 512",
    .arguments = "COUNT",
    .harmless_because = "the processes wait, are few, and end with the probe",
    .denied_with = {EAGAIN},
};

namespace {

constexpr long most = 512;

[[noreturn]] void wait_for_the_end_of(const int* pipe) {
  sys::close(pipe[1]);
  char byte;
  sys::read(pipe[0], &byte, 1);
  sys::exit_group(0);
}

}  // namespace

probe::Outcome attempt(probe::Args args) {
  const probe::Number count = args.number(0);
  if (!count.valid || count.value < 1 || count.value > most) return probe::usage();
  int pipe[2];
  long r = sys::pipe2(pipe, O_CLOEXEC);
  if (r < 0) return probe::unable("pipe2", r);
  long forked = 0;
  for (; forked < count.value; ++forked) {
    r = sys::fork();
    if (r < 0) break;
    if (r == 0) wait_for_the_end_of(pipe);
  }
  sys::close(pipe[1]);
  for (long i = 0; i < forked; ++i) sys::wait4(-1, nullptr, 0);
  return probe::judge(card, r);
}
