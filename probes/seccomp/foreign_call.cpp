// A system call by another ABI than the program's own: the i386 getpid(2), which every program may
// make, by `int $0x80`. A kernel without IA32 emulation kills the caller with SIGSEGV; the filter
// of SystemCallArchitectures= does with SIGSYS.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "foreign-call",
    .attempts = "i386 getpid(), by int $0x80",
    .harmless_because = "it asks for a number",
};

probe::Outcome attempt(probe::Args) {
  constexpr long i386_getpid = 20;
  return probe::judge(card, sys::call_i386(i386_getpid));
}
