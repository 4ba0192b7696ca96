// A raw IPv4 socket asks for CAP_NET_RAW in the network namespace, and nothing is sent with it.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "raw-socket",
    .attempts = "socket(AF_INET, SOCK_RAW, IPPROTO_ICMP)",
    .harmless_because = "nothing is sent, and the socket is closed at exit",
    .denied_with = {EPERM},
};

probe::Outcome attempt(probe::Args) {
  return probe::judge(card, sys::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP));
}
