// A system call by another ABI than the program's own: getpid(2), which every program may make, of
// i386 by `int $0x80`, or of x32. A kernel without IA32 emulation kills the caller with SIGSEGV;
// the filter of SystemCallArchitectures= does with SIGSYS.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "foreign-call",
    .attempts = "i386 getpid(), by int $0x80, or that of x32",
    .arguments = "[x32]",
    .harmless_because = "it asks for a number",
};

probe::Outcome attempt(probe::Args args) {
  constexpr long i386_getpid = 20;
  if (args.size() == 0) return probe::judge(card, sys::call_i386(i386_getpid));
  if (!probe::equal(args[0], "x32")) return probe::usage();
  return probe::judge_x32(card, sys::call_x32(__NR_getpid));
}
