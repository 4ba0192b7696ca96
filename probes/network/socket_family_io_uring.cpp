// The side door of socket-family by io_uring: the kernel opens the socket on behalf of the ring,
// and no seccomp filter is asked about socket(2). io_uring refuses a bad type before it tries, so
// here a real socket is opened, of the type that the family has. EPERM and EACCES come from
// io_uring_setup (a filter, or the sysctl kernel.io_uring_disabled) or from a family that asks for
// CAP_NET_RAW.

#include "kit/probe.h"
#include "kit/ring.h"

constexpr probe::Card card{
    .id = "socket-family-io-uring",
    .attempts = "IORING_OP_SOCKET of FAMILY",
    .arguments = "FAMILY",
    .harmless_because = "the socket is not bound or connected, and is closed at exit",
    .denied_with = {EAFNOSUPPORT, EPERM, EACCES},
};

namespace {

int type_of(int family) {
  switch (family) {
    case AF_NETLINK:
    case AF_PACKET:
    case AF_CAN:
    case AF_BLUETOOTH:
    case AF_KEY:
      return SOCK_RAW;
    case AF_ALG:
      return SOCK_SEQPACKET;
    case AF_VSOCK:
    case AF_TIPC:
      return SOCK_STREAM;
    default:
      return SOCK_DGRAM;
  }
}

// AF_KEY has a single protocol, and it is not 0.
int protocol_of(int family) { return family == AF_KEY ? 2 : 0; }

}  // namespace

probe::Outcome attempt(probe::Args args) {
  const int family = probe::address_family(args[0]);
  if (family < 0) return probe::usage();
  io_uring_sqe request{};
  request.opcode = IORING_OP_SOCKET;
  request.fd = family;
  request.off = static_cast<uint64_t>(type_of(family) | SOCK_CLOEXEC);
  request.len = static_cast<uint32_t>(protocol_of(family));
  const auto made = probe::request_by_ring(card, request);
  return made.is_made ? probe::judge(card, made.result) : made.failure;
}
