// The side door of socket-family by the x32 ABI: the native call with bit 30 of its number set. Few
// kernels have it; the others say ENOSYS. The type is socket-family's, for its reasons.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "socket-family-x32",
    .attempts = "x32 socket(FAMILY, 0x7f, 0)",
    .arguments = "FAMILY",
    .harmless_because = "there is no socket of this type, so none is made",
    .denied_with = {EAFNOSUPPORT, EPERM},
    .allowed_with = {EINVAL},
};

probe::Outcome attempt(probe::Args args) {
  const int family = probe::address_family(args[0]);
  if (family < 0) return probe::usage();
  return probe::judge_x32(card, sys::call_x32(__NR_socket, family, 0x7f, 0));
}
