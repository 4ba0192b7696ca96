// The side door of system-call by io_uring, for calls that it has, too. The descriptor is one that
// is not open, which the kernel says of as it says of the call itself: no filter has seen it.

#include "kit/probe.h"
#include "kit/ring.h"

constexpr probe::Card card{
    .id = "io-uring-call",
    .attempts = "the io_uring request that does as NAME, with a descriptor that is not open",
    .arguments = "NAME",
    .harmless_because = "there is nothing that it could be done to",
    .denied_with = {EPERM, EACCES},
    .absent_with = {ENOSYS},
    .allowed_with = {EBADF},
};

namespace {

struct Request {
  const char* name;
  uint8_t opcode;
  bool has_path;
};

// Numbers of those that the headers may be too old for: bind and listen are of Linux 6.11.
constexpr Request requests[] = {
    {"accept4", IORING_OP_ACCEPT, false},  {"bind", 56, false},
    {"connect", IORING_OP_CONNECT, false}, {"fsync", IORING_OP_FSYNC, false},
    {"linkat", IORING_OP_LINKAT, true},    {"listen", 57, false},
    {"mkdirat", IORING_OP_MKDIRAT, true},  {"unlinkat", IORING_OP_UNLINKAT, true},
};

}  // namespace

probe::Outcome attempt(probe::Args args) {
  constexpr int nowhere = -1;
  constexpr char path[] = "x";
  for (const Request& known : requests) {
    if (!probe::equal(args[0], known.name)) continue;
    io_uring_sqe request{};
    request.opcode = known.opcode;
    request.fd = nowhere;
    if (known.has_path) request.addr = reinterpret_cast<uint64_t>(path);
    if (known.opcode == IORING_OP_LINKAT) {
      request.len = static_cast<uint32_t>(nowhere);
      request.addr2 = reinterpret_cast<uint64_t>(path);
    }
    const auto made = probe::request_by_ring(card, request);
    return made.is_made ? probe::judge(card, made.result) : made.failure;
  }
  return probe::usage();
}
