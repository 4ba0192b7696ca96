// Sends an empty UDP datagram to an address, over the loopback interface whatever the address:
// bound to the interface, the kernel takes any address to be on it, asks the control group's BPF
// programs (EPERM), and drops the packet as it arrives on the other side. So a firewall's opinion
// of any address can be had, also without a network.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "send-udp",
    .attempts = "sendto(socket(AF_INET) bound to lo, ADDRESS, port 9)",
    .arguments = "ADDRESS",
    .harmless_because = "the packet is empty and does not leave the loopback interface",
    .denied_with = {EPERM},
};

namespace {

struct Address {
  bool valid = false;
  uint32_t value = 0;
};

Address parse_address(const char* text) {
  uint32_t value = 0;
  for (int part = 0; part < 4; ++part) {
    if (part > 0 && *text++ != '.') return {};
    if (*text < '0' || *text > '9') return {};
    uint32_t number = 0;
    for (; *text >= '0' && *text <= '9' && number < 256; ++text) {
      number = number * 10 + static_cast<uint32_t>(*text - '0');
    }
    if (number > 255) return {};
    value = value << 8 | number;
  }
  return {*text == '\0', value};
}

}  // namespace

probe::Outcome attempt(probe::Args args) {
  const Address to = parse_address(args[0]);
  if (!to.valid) return probe::usage();
  const long made = sys::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (made < 0) return probe::unable("socket", made);
  const auto fd = static_cast<int>(made);
  constexpr char interface[] = "lo";
  const long r = sys::setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface, sizeof interface);
  if (r < 0) return probe::unable("SO_BINDTODEVICE", r);
  constexpr uint16_t discard = 9;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = __builtin_bswap16(discard);
  address.sin_addr.s_addr = __builtin_bswap32(to.value);
  return probe::judge(card, sys::sendto(fd, nullptr, 0, 0, &address, sizeof address));
}
