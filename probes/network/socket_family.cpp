// socket(2) of a family, with a type that no family has. A seccomp filter says EAFNOSUPPORT before
// the kernel sees the call; the kernel says EINVAL of the type before it looks for the family. With
// a good type, a family that the kernel lacks would be EAFNOSUPPORT too, and AF_PACKET would be
// EPERM without CAP_NET_RAW: then no bare cell could tell the filter's work from the kernel's.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "socket-family",
    .attempts = "socket(FAMILY, 0x7f, 0)",
    .arguments = "FAMILY",
    .harmless_because = "there is no socket of this type, so none is made",
    .denied_with = {EAFNOSUPPORT, EPERM},
    .allowed_with = {EINVAL},
};

probe::Outcome attempt(probe::Args args) {
  const int family = probe::address_family(args[0]);
  if (family < 0) return probe::usage();
  return probe::judge(card, sys::socket(family, 0x7f, 0));
}
