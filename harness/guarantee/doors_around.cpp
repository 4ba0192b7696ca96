#include "guarantee/doors_around.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>

#include "guarantee/expect.h"
#include "guarantee/families.h"
#include "guarantee/own_namespace.h"

namespace sandproof::guarantee {

namespace {

constexpr std::array beginnings = {"KeyringMode", "SecureBits", "UMask"};

bool is_in(std::span<const Guarantee> family, std::string_view directive) {
  return std::any_of(family.begin(), family.end(), [directive](const Guarantee& guarantee) {
    return guarantee.directive == directive;
  });
}

// Whether what the directive denies is had again from outside of the sandbox.
bool is_wall(std::string_view directive, const Promise& promise) {
  if (is_in(limit_guarantees(), directive) || is_in(resource_guarantees(), directive) ||
      std::find(beginnings.begin(), beginnings.end(), directive) != beginnings.end()) {
    return false;
  }
  const auto& attempts = promise.attempts;
  return std::any_of(attempts.begin(), attempts.end(), [](const Expectation& expectation) {
    return expectation.is_front() && expectation.must == Must::denied && expectation.of_root;
  });
}

}  // namespace

std::vector<Expectation> doors_around(std::string_view directive, const Promise& promise,
                                      const Subject& subject) {
  if (!is_wall(directive, promise)) return {};
  const std::string own = "/run/systemd/private";
  const std::string bus = "/run/dbus/system_bus_socket";
  std::vector<std::string> sockets;
  // Whoever is not root has only the bus, where polkit is asked.
  if (subject.user.empty() || subject.user == "root" || subject.user == "0") {
    sockets.push_back(own);
    if (!has_own_pid_1(subject.settings)) sockets.push_back("/proc/1/root" + own);
  }
  if (subject.exists(bus)) sockets.push_back(bus);
  if (sockets.empty()) return {};
  auto door =
      side_door("asking the manager to start a unit", {"ask-manager", std::move(sockets)},
                {denied(EACCES), denied(ECONNREFUSED), denied(EAFNOSUPPORT), absent(ENOENT)},
                "RestrictAddressFamilies=~AF_UNIX");
  door.directive = directive;
  return {std::move(door)};
}

}  // namespace sandproof::guarantee
