// The side door of socket-family by i386 socketcall(2), which takes its arguments in memory, where
// no seccomp filter can look. The type is socket-family's, for its reasons.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "socket-family-socketcall",
    .attempts = "i386 socketcall(SYS_SOCKET, {FAMILY, 0x7f, 0}), by int $0x80",
    .arguments = "FAMILY",
    .harmless_because = "there is no socket of this type, so none is made",
    .denied_with = {EAFNOSUPPORT, EPERM},
    .allowed_with = {EINVAL},
};

probe::Outcome attempt(probe::Args args) {
  constexpr long i386_socketcall = 102;
  constexpr int socketcall_socket = 1;
  const int family = probe::address_family(args[0]);
  if (family < 0) return probe::usage();
  // Static, since i386 pointers do not reach the stack.
  static int arguments[3];
  arguments[0] = family;
  arguments[1] = 0x7f;
  return probe::judge(card, sys::call_i386(i386_socketcall, socketcall_socket, arguments));
}
