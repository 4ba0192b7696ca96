// Whether execve(2) of a set-user-ID program, or of one with capabilities, would give them: the
// kernel's no_new_privs flag is all that it asks, and that can be read, EPERM where it is set.
// `prctl` tries to clear the flag first. A PROGRAM is executed in earnest, and says itself what it
// was given: be-root, which looks whether it is root, or hold-capability. The kernel executes none
// that counts on a capability of its file which the bounding set does not have: capabilities(7).

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "gain-privileges",
    .attempts = "prctl(PR_GET_NO_NEW_PRIVS) is 0, or execve(PROGRAM), which has privileges",
    .arguments = "[prctl|PROGRAM] [ARGUMENT...]",
    .harmless_because = "the flag keeps its value, and the program only looks",
    .denied_with = {EPERM},
};

namespace {

probe::Outcome judge_flag() {
  const long r = sys::prctl(PR_GET_NO_NEW_PRIVS);
  return r == 1 ? probe::denied(EPERM) : probe::judge(card, r);
}

}  // namespace

probe::Outcome attempt(probe::Args args) {
  if (args.size() == 0) return judge_flag();
  if (probe::equal(args[0], "prctl")) {
    sys::prctl(PR_SET_NO_NEW_PRIVS, 0);
    return judge_flag();
  }
  const long r = sys::execve(args[0], args.from(0), args.environment());
  return r == -EPERM ? probe::denied(EPERM) : probe::unable("execve", r);
}
