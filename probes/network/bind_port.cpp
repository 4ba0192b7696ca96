// Binds a loopback port and does not listen on it. Before bind(2) looks at who else has the port,
// it asks the control group's BPF programs (SocketBindDeny=: EPERM) and for CAP_NET_BIND_SERVICE
// below ip_unprivileged_port_start (EACCES): so EADDRINUSE means that both were passed.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "bind-port",
    .attempts = "bind(socket(AF_INET), 127.0.0.1:PORT)",
    .arguments = "PORT [tcp|udp]",
    .harmless_because = "the port is on the loopback, nobody listens, and it is free again at exit",
    .denied_with = {EACCES, EPERM},
    .allowed_with = {EADDRINUSE},
};

probe::Outcome attempt(probe::Args args) {
  const probe::Number port = args.number(0);
  if (!port.valid || port.value < 1 || port.value > 65535) return probe::usage();
  int type = SOCK_STREAM;
  if (args.size() == 2) {
    if (probe::equal(args[1], "udp")) {
      type = SOCK_DGRAM;
    } else if (!probe::equal(args[1], "tcp")) {
      return probe::usage();
    }
  }
  const long fd = sys::socket(AF_INET, type | SOCK_CLOEXEC, 0);
  if (fd < 0) return probe::unable("socket", fd);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = __builtin_bswap16(static_cast<uint16_t>(port.value));
  address.sin_addr.s_addr = __builtin_bswap32(INADDR_LOOPBACK);
  return probe::judge(card, sys::bind(static_cast<int>(fd), &address, sizeof address));
}
