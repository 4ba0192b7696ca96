#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "guarantee/address_families.h"
#include "guarantee/expect.h"
#include "guarantee/families.h"
#include "guarantee/filtered_calls.h"
#include "guarantee/group_doors.h"
#include "guarantee/machine.h"
#include "guarantee/own_namespace.h"

namespace sandproof::guarantee {

namespace {

constexpr auto needs_inet = "RestrictAddressFamilies= leaves no AF_INET socket to try it with";

Promise private_network(const Subject& subject) {
  const auto& settings = subject.settings;
  if (!settings.boolean("PrivateNetwork")) return Promise::off();
  const auto& tcp_port = subject.bystander.tcp_port;
  const auto& abstract_socket = subject.bystander.abstract_socket;
  Promise promise;
  expect_own_namespace(promise, subject, "net");
  if (!tcp_port.empty() && is_family_allowed(settings, "AF_INET")) {
    promise.attempts.push_back(must_be_denied({"connect-tcp", {tcp_port}}, {denied(ECONNREFUSED)}));
  }
  if (!abstract_socket.empty() && is_family_allowed(settings, "AF_UNIX")) {
    promise.attempts.push_back(
        must_be_denied({"connect-abstract", {abstract_socket}}, {denied(ECONNREFUSED)}));
  }
  if (promise.attempts.empty()) {
    return Promise::untestable("RestrictAddressFamilies= leaves no socket to try it with");
  }
  if (!has_own_pid_1(settings)) {
    promise.attempts.push_back(side_door("the network namespace of PID 1",
                                         {"enter-namespace", {"net", "1"}}, {denied(EPERM)},
                                         "RestrictNamespaces=yes"));
  }
  return promise;
}

// What a service has most reason to want, or to be denied. The probe's type of socket is one that
// no family has, so the kernel need not have the family. Those that every user may have come first:
// the side doors are tried with the first one denied.
constexpr std::array families = {"AF_NETLINK", "AF_UNIX", "AF_INET", "AF_INET6",     "AF_PACKET",
                                 "AF_VSOCK",   "AF_ALG",  "AF_XDP",  "AF_BLUETOOTH", "AF_KEY"};

Promise restrict_address_families(const Subject& subject) {
  const auto& settings = subject.settings;
  const auto filter = settings.filter("RestrictAddressFamilies");
  if (!filter.allow_list && filter.names.empty()) return Promise::off();
  // Then an attempt would say that it got through.
  if (filtered_with(settings, "socket") == denied(EINVAL)) {
    return Promise::untestable(
        "SystemCallFilter= denies socket(2) with an errno that the kernel has for it, too");
  }

  std::vector<std::string> denied_families;
  std::vector<std::string> allowed_families;
  for (const std::string family : families) {
    auto& list = is_family_allowed(settings, family) ? allowed_families : denied_families;
    list.push_back(family);
  }
  // A deny list of families that are none of these.
  if (denied_families.empty() && !filter.allow_list) denied_families = filter.names;

  const Promised promised = {denied(EAFNOSUPPORT)};
  Promise promise;
  auto& attempts = promise.attempts;
  for (const auto& family : denied_families) {
    attempts.push_back(must_be_denied({"socket-family", {family}}, promised));
  }
  if (filter.allow_list) {
    for (const auto& family : allowed_families) {
      attempts.push_back(must_be_allowed({"socket-family", {family}}));
    }
  }
  if (denied_families.empty()) return promise;

  const auto& family = denied_families.front();
  const auto native = "SystemCallArchitectures=native";
  if (is_x86_64) {
    attempts.push_back(
        side_door("i386 system call 359", {"socket-family-i386", {family}}, promised, native));
    attempts.push_back(side_door("i386 system call 102 (socketcall)",
                                 {"socket-family-socketcall", {family}}, promised, native));
    attempts.push_back(
        side_door("the x32 system call", {"socket-family-x32", {family}}, promised, native));
  }
  attempts.push_back(side_door("io_uring", {"socket-family-io-uring", {family}}, promised,
                               "SystemCallFilter=~@aio"));
  // An allow list denies what is too large for it.
  if (!filter.allow_list) {
    attempts.push_back(side_door("the upper 32 bits of the family",
                                 {"socket-family-high-bits", {family}}, promised, ""));
  }
  return promise;
}

struct Prefix {
  std::uint32_t address = 0;
  std::uint32_t mask = 0;

  bool covers(std::uint32_t other) const { return (other & mask) == (address & mask); }
};

// The IPv4 prefixes of IPAddressDeny= or IPAddressAllow=: a(iayu), family, bytes, length.
std::vector<Prefix> ipv4_prefixes(const Settings& settings, std::string_view name) {
  std::vector<Prefix> result;
  const auto* value = settings.find(name);
  if (value == nullptr || !value->is_container()) return result;
  for (const auto& entry : value->elements()) {
    const auto& [family, bytes, length] =
        std::array{&entry.elements().at(0), &entry.elements().at(1), &entry.elements().at(2)};
    if (std::get<std::int64_t>(family->data) != AF_INET) continue;
    Prefix prefix;
    for (const auto& byte : bytes->elements()) {
      prefix.address =
          prefix.address << 8 | static_cast<std::uint32_t>(std::get<std::uint64_t>(byte.data));
    }
    const auto bits = std::get<std::uint64_t>(length->data);
    prefix.mask = bits == 0 ? 0 : ~std::uint32_t{0} << (32 - bits);
    result.push_back(prefix);
  }
  return result;
}

bool covers(const std::vector<Prefix>& prefixes, std::uint32_t address) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [address](const Prefix& prefix) { return prefix.covers(address); });
}

std::string dotted(std::uint32_t address) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) {
    text += std::to_string(address >> shift & 0xff);
    if (shift > 0) text += '.';
  }
  return text;
}

// Addresses that stand for a prefix: the loopback, a network that is for documentation (RFC 5737),
// or the first one that has a number of its own.
std::vector<std::uint32_t> examples_of(const Prefix& prefix) {
  constexpr std::uint32_t loopback = 0x7f000001;
  constexpr std::uint32_t documentation = 0xc0000201;
  std::vector<std::uint32_t> result;
  for (const auto address : {documentation, loopback}) {
    if (prefix.covers(address)) result.push_back(address);
  }
  if (result.empty()) result.push_back((prefix.address & prefix.mask) | (~prefix.mask & 1));
  return result;
}

// IPAddressAllow= and IPAddressDeny= make one list, where an allowed prefix wins. The datagrams go
// over the loopback interface whatever their address.
Promise ip_addresses(const Subject& subject) {
  const auto& settings = subject.settings;
  const auto* all_denied = settings.find("IPAddressDeny");
  if (all_denied == nullptr || all_denied->elements().empty()) return Promise::off();
  if (!is_family_allowed(settings, "AF_INET")) return Promise::untestable(needs_inet);
  const auto denied_prefixes = ipv4_prefixes(settings, "IPAddressDeny");
  const auto allowed_prefixes = ipv4_prefixes(settings, "IPAddressAllow");

  Promise promise;
  std::vector<std::uint32_t> tried;
  constexpr std::size_t most = 6;
  const auto expect = [&](std::uint32_t address, bool allowed) {
    if (tried.size() >= most || std::find(tried.begin(), tried.end(), address) != tried.end()) {
      return;
    }
    tried.push_back(address);
    const Attempt attempt{"send-udp", {dotted(address)}};
    promise.attempts.push_back(allowed ? must_be_allowed(attempt)
                                       : must_be_denied(attempt, {denied(EPERM)}));
  };
  for (const auto& prefix : denied_prefixes) {
    for (const auto address : examples_of(prefix)) {
      if (!covers(allowed_prefixes, address)) expect(address, false);
    }
  }
  if (promise.attempts.empty()) {
    return Promise::untestable("only IPv4 addresses are tried, and it denies none that are known");
  }
  // systemd.resource-control(5): it is of IPv4 and IPv6 sockets.
  if (!subject.bystander.abstract_socket.empty() && is_family_allowed(settings, "AF_UNIX")) {
    promise.limits.push_back({{"connect-abstract", {subject.bystander.abstract_socket}},
                              "is of IPv4 and IPv6: an abstract AF_UNIX socket from outside can be "
                              "connected to"});
  }
  // That one may deny the loopback.
  if (settings.filter("RestrictNetworkInterfaces").names.empty()) {
    for (const auto& prefix : allowed_prefixes) {
      for (const auto address : examples_of(prefix)) expect(address, true);
    }
  }
  add_group_doors(promise, subject);
  return promise;
}

constexpr int protocol_tcp = 6;
constexpr int protocol_udp = 17;

// An item of SocketBindDeny= or SocketBindAllow=: (iiqq), family, protocol, how many ports from
// which; 0 stands for any.
struct BindItem {
  std::int64_t family = 0;
  std::int64_t protocol = 0;
  std::uint64_t count = 0;
  std::uint64_t first = 0;

  bool covers(bool udp, std::uint64_t port) const {
    if (family != 0 && family != AF_INET) return false;
    if (protocol != 0 && protocol != (udp ? protocol_udp : protocol_tcp)) return false;
    return count == 0 || (port >= first && port < first + count);
  }
};

std::vector<BindItem> bind_items(const Settings& settings, std::string_view name) {
  std::vector<BindItem> result;
  const auto* value = settings.find(name);
  if (value == nullptr || !value->is_container()) return result;
  for (const auto& entry : value->elements()) {
    const auto& parts = entry.elements();
    result.push_back(
        {std::get<std::int64_t>(parts.at(0).data), std::get<std::int64_t>(parts.at(1).data),
         std::get<std::uint64_t>(parts.at(2).data), std::get<std::uint64_t>(parts.at(3).data)});
  }
  return result;
}

bool covers(const std::vector<BindItem>& items, bool udp, std::uint64_t port) {
  return std::any_of(items.begin(), items.end(),
                     [=](const BindItem& item) { return item.covers(udp, port); });
}

// A port that stands for the item, and that `others` do not cover.
std::optional<std::uint64_t> example_of(const BindItem& item, bool udp,
                                        const std::vector<BindItem>& others) {
  // Of all ports, one that every user may bind and that no kernel gives out by itself.
  constexpr std::uint64_t unprivileged = 61999;
  const auto first = item.count == 0 ? unprivileged : item.first;
  const auto last = item.count == 0 ? unprivileged + 64 : item.first + item.count - 1;
  for (auto port = first; port <= last; ++port) {
    if (item.covers(udp, port) && !covers(others, udp, port)) return port;
  }
  return std::nullopt;
}

// SocketBindAllow= and SocketBindDeny= make one list, where an allowed port wins.
Promise socket_bind(const Subject& subject) {
  const auto& settings = subject.settings;
  const auto denied_items = bind_items(settings, "SocketBindDeny");
  const auto allowed_items = bind_items(settings, "SocketBindAllow");
  if (denied_items.empty()) return Promise::off();
  if (!is_family_allowed(settings, "AF_INET")) return Promise::untestable(needs_inet);

  Promise promise;
  for (const auto& item : denied_items) {
    for (const bool udp : {false, true}) {
      const auto port = example_of(item, udp, allowed_items);
      if (!port) continue;
      promise.attempts.push_back(must_be_denied(
          {"bind-port", {std::to_string(*port), udp ? "udp" : "tcp"}}, {denied(EPERM)}));
    }
  }
  if (promise.attempts.empty()) {
    return Promise::untestable("it denies no IPv4 port that is not allowed again");
  }
  for (const auto& item : allowed_items) {
    const bool udp = item.protocol == protocol_udp;
    const auto port = example_of(item, udp, {});
    // Below it, it takes a capability as well.
    constexpr std::uint64_t first_unprivileged = 1024;
    if (!port || *port < first_unprivileged) continue;
    promise.attempts.push_back(
        must_be_allowed({"bind-port", {std::to_string(*port), udp ? "udp" : "tcp"}}));
  }
  add_group_doors(promise, subject);
  return promise;
}

// Every interface but the loopback leads to somebody.
Promise restrict_network_interfaces(const Subject& subject) {
  const auto& settings = subject.settings;
  const auto filter = settings.filter("RestrictNetworkInterfaces");
  if (!filter.allow_list && filter.names.empty()) return Promise::off();
  if (!is_family_allowed(settings, "AF_INET")) return Promise::untestable(needs_inet);
  const bool listed =
      std::find(filter.names.begin(), filter.names.end(), "lo") != filter.names.end();
  if (listed == filter.allow_list) {
    return Promise::untestable(
        "it lets the loopback through, and no other can be tried harmlessly");
  }
  Promise promise{{must_be_denied({"send-udp", {"127.0.0.1"}}, {denied(EPERM)})}, false, {}};
  add_group_doors(promise, subject);
  return promise;
}

}  // namespace

std::span<const Guarantee> network_guarantees() {
  static constexpr std::array guarantees = {
      Guarantee{"PrivateNetwork", private_network},
      Guarantee{"RestrictAddressFamilies", restrict_address_families},
      Guarantee{"IPAddressDeny", ip_addresses},
      Guarantee{"IPAddressAllow", ip_addresses},
      Guarantee{"SocketBindDeny", socket_bind},
      Guarantee{"SocketBindAllow", socket_bind},
      Guarantee{"RestrictNetworkInterfaces", restrict_network_interfaces},
  };
  return guarantees;
}

}  // namespace sandproof::guarantee
