// Connects to a port of the loopback where somebody outside of the sandbox listens. In a network
// namespace of its own nobody does. A firewall that drops packets would let it hang, so it waits no
// longer than two seconds: EINPROGRESS, which is no denial.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "connect-tcp",
    .attempts = "connect(socket(AF_INET), 127.0.0.1:PORT)",
    .arguments = "PORT",
    .harmless_because = "the connection is closed at exit, and the listener is ours",
    .denied_with = {ECONNREFUSED, ENETUNREACH, EACCES, EPERM},
};

probe::Outcome attempt(probe::Args args) {
  const probe::Number port = args.number(0);
  if (!port.valid || port.value < 1 || port.value > 65535) return probe::usage();
  const long r = sys::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (r < 0) return probe::unable("socket", r);
  const auto fd = static_cast<int>(r);
  const timeval patience{.tv_sec = 2, .tv_usec = 0};
  sys::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = __builtin_bswap16(static_cast<uint16_t>(port.value));
  address.sin_addr.s_addr = __builtin_bswap32(INADDR_LOOPBACK);
  return probe::judge(card, sys::connect(fd, &address, sizeof address));
}
