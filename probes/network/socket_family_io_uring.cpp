// The side door of socket-family by io_uring: the kernel opens the socket on behalf of the ring,
// and no seccomp filter is asked about socket(2). io_uring refuses a bad type before it tries, so
// here a real socket is opened, of the type that the family has. EPERM and EACCES come from
// io_uring_setup (a filter, or the sysctl kernel.io_uring_disabled) or from a family that asks for
// CAP_NET_RAW.

#include <linux/io_uring.h>

#include "kit/probe.h"

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

  io_uring_params parameters{};
  const long ring = sys::call(__NR_io_uring_setup, 1, &parameters);
  if (ring < 0) return probe::judge(card, ring);
  const auto fd = static_cast<int>(ring);
  // A page is more than enough for a ring of one entry.
  const auto map = [fd](off_t offset) {
    return sys::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);
  };
  // Since 5.4 both rings are in the first mapping.
  if ((parameters.features & IORING_FEAT_SINGLE_MMAP) == 0) return probe::unable("old io_uring");
  const long rings = map(IORING_OFF_SQ_RING);
  if (rings < 0) return probe::unable("mmap of the rings", rings);
  const long entries = map(IORING_OFF_SQES);
  if (entries < 0) return probe::unable("mmap of the entries", entries);

  auto* request = reinterpret_cast<io_uring_sqe*>(entries);
  request->opcode = IORING_OP_SOCKET;
  request->fd = family;
  request->off = static_cast<uint64_t>(type_of(family) | SOCK_CLOEXEC);
  request->len = static_cast<uint32_t>(protocol_of(family));
  const auto at = [rings](uint32_t offset) { return reinterpret_cast<uint32_t*>(rings + offset); };
  *at(parameters.sq_off.array) = 0;
  __atomic_store_n(at(parameters.sq_off.tail), 1, __ATOMIC_RELEASE);

  const long submitted = sys::call(__NR_io_uring_enter, fd, 1, 1, IORING_ENTER_GETEVENTS);
  if (submitted < 0) return probe::judge(card, submitted);
  if (__atomic_load_n(at(parameters.cq_off.tail), __ATOMIC_ACQUIRE) == 0) {
    return probe::unable("no completion");
  }
  const auto* completion = reinterpret_cast<io_uring_cqe*>(rings + parameters.cq_off.cqes);
  return probe::judge(card, completion->res);
}
