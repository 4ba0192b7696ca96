// personality(2) with 0xffffffff asks and changes nothing, and the kernel lets everyone:
// LockPersonality= is what denies it. The i386 and x32 ABIs have the call, too.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "query-personality",
    .attempts = "personality(0xffffffff)",
    .arguments = "[i386|x32]",
    .harmless_because = "it is a query",
    .denied_with = {EPERM},
};

probe::Outcome attempt(probe::Args args) {
  constexpr unsigned long query = 0xffffffff;
  constexpr long i386_personality = 136;
  if (args.size() == 0) return probe::judge(card, sys::personality(query));
  if (probe::equal(args[0], "x32")) {
    return probe::judge_x32(card, sys::call_x32(__NR_personality, query));
  }
  if (!probe::equal(args[0], "i386")) return probe::usage();
  return probe::judge(card, sys::call_i386(i386_personality, query));
}
