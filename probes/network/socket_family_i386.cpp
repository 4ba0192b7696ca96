// The side door of socket-family by the i386 ABI, which a 64-bit process enters with `int $0x80`:
// a filter that was loaded for the native architecture alone does not see it. The type is
// socket-family's, for its reasons.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "socket-family-i386",
    .attempts = "i386 socket(FAMILY, 0x7f, 0), by int $0x80",
    .arguments = "FAMILY",
    .harmless_because = "there is no socket of this type, so none is made",
    .denied_with = {EAFNOSUPPORT, EPERM},
    .allowed_with = {EINVAL},
};

probe::Outcome attempt(probe::Args args) {
  constexpr long i386_socket = 359;
  const int family = probe::address_family(args[0]);
  if (family < 0) return probe::usage();
  return probe::judge(card, sys::call_i386(i386_socket, family, 0x7f, 0));
}
