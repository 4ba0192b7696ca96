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
bool is_wall(std::string_view directive, const Promise& promise, const Subject& subject) {
  if (is_in(limit_guarantees(), directive) || is_in(resource_guarantees(), directive) ||
      is_in(attribute_guarantees(), directive) ||
      std::find(beginnings.begin(), beginnings.end(), directive) != beginnings.end()) {
    return false;
  }
  const auto& attempts = promise.attempts;
  const bool is_of_a_user = !subject.home.empty();
  return std::any_of(attempts.begin(), attempts.end(), [=](const Expectation& expectation) {
    return expectation.is_front() && expectation.must == Must::denied &&
           (expectation.of_root || is_of_a_user);
  });
}

// Where the unit's own user may ask a manager to start whatever it likes.
std::vector<std::string> sockets_of(const Subject& subject) {
  std::vector<std::string> sockets;
  const auto add_private = [&](const std::string& socket, int outside) {
    sockets.push_back(socket);
    if (outside == 0 || has_own_pid_1(subject.settings)) return;
    sockets.push_back("/proc/" + std::to_string(outside) + "/root" + socket);
  };
  if (!subject.home.empty()) {
    add_private(subject.parents.runtime + "/systemd/private", subject.outside_pid());
    const std::string session = subject.parents.runtime + "/bus";
    if (subject.exists(session)) sockets.push_back(session);
  } else if (subject.user.empty() || subject.user == "root" || subject.user == "0") {
    add_private("/run/systemd/private", 1);
  }
  // Whoever is not root has only the bus of the system's, where polkit is asked.
  const std::string bus = "/run/dbus/system_bus_socket";
  if (subject.exists(bus)) sockets.push_back(bus);
  return sockets;
}

}  // namespace

std::vector<Expectation> doors_around(std::string_view directive, const Promise& promise,
                                      const Subject& subject) {
  if (!is_wall(directive, promise, subject)) return {};
  auto sockets = sockets_of(subject);
  if (sockets.empty()) return {};
  auto door =
      side_door("asking the manager to start a unit", {"ask-manager", std::move(sockets)},
                {denied(EACCES), denied(ECONNREFUSED), denied(EAFNOSUPPORT), absent(ENOENT)},
                "RestrictAddressFamilies=~AF_UNIX");
  door.directive = directive;
  return {std::move(door)};
}

}  // namespace sandproof::guarantee
