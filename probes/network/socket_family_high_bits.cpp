// The side door of socket-family for a filter that compares 64 bits where the kernel takes 32: bit
// 32 of the family is set, which a list of forbidden families does not match and the kernel
// ignores. The type is socket-family's, for its reasons.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "socket-family-high-bits",
    .attempts = "socket(0x100000000 | FAMILY, 0x7f, 0)",
    .arguments = "FAMILY",
    .harmless_because = "there is no socket of this type, so none is made",
    .denied_with = {EAFNOSUPPORT, EPERM},
    .allowed_with = {EINVAL},
};

probe::Outcome attempt(probe::Args args) {
  const int family = probe::address_family(args[0]);
  if (family < 0) return probe::usage();
  return probe::judge(card, sys::call(__NR_socket, 0x100000000 | family, 0x7f, 0));
}
