#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include "guarantee/sample_unit.h"

namespace sandproof::guarantee {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;
using testing::UnorderedElementsAre;

TEST(RestrictAddressFamilies, OfNothingIsOff) {
  EXPECT_TRUE(SampleUnit()
                  .set_filter("RestrictAddressFamilies", "~")
                  .promise("RestrictAddressFamilies")
                  .is_off);
}

TEST(RestrictAddressFamilies, AnAllowListDeniesTheOthersAndHasItsSideDoors) {
  const auto attempts = SampleUnit()
                            .set_filter("RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX")
                            .attempts("RestrictAddressFamilies");
  EXPECT_THAT(attempts,
              IsSupersetOf({"socket-family AF_NETLINK: denied EAFNOSUPPORT",
                            "socket-family AF_INET: allowed",
                            "socket-family-io-uring AF_NETLINK: denied EAFNOSUPPORT by io_uring"}));
  EXPECT_THAT(attempts, Not(Contains(HasSubstr("high-bits"))));
}

TEST(RestrictAddressFamilies, ADenyListDeniesItsOwnAndMayMissTheUpperBits) {
  const auto attempts = SampleUnit()
                            .set_filter("RestrictAddressFamilies", "~AF_PACKET AF_NETLINK")
                            .attempts("RestrictAddressFamilies");
  EXPECT_THAT(attempts,
              IsSupersetOf({"socket-family AF_PACKET: denied EAFNOSUPPORT",
                            "socket-family AF_NETLINK: denied EAFNOSUPPORT",
                            "socket-family-high-bits AF_NETLINK: denied EAFNOSUPPORT by the upper "
                            "32 bits of the family"}));
  EXPECT_THAT(attempts, Not(Contains(HasSubstr("AF_INET"))));
}

TEST(RestrictAddressFamilies, NoneIsAnEmptyAllowList) {
  EXPECT_THAT(
      SampleUnit().set_filter("RestrictAddressFamilies", "").attempts("RestrictAddressFamilies"),
      IsSupersetOf({"socket-family AF_INET: denied EAFNOSUPPORT",
                    "socket-family AF_UNIX: denied EAFNOSUPPORT"}));
}

TEST(RestrictAddressFamilies, AFilterThatAnswersAsTheKernelDoesMakesItUntestable) {
  SampleUnit unit;
  unit.set_filter("RestrictAddressFamilies", "AF_INET");
  unit.set_filter("SystemCallFilter", "~socket:EINVAL");
  EXPECT_THAT(unit.promise("RestrictAddressFamilies").untestable_because, HasSubstr("errno"));
}

TEST(PrivateNetwork, HidesTheListenersOutside) {
  SampleUnit unit;
  unit.set("PrivateNetwork");
  EXPECT_THAT(unit.attempts("PrivateNetwork"),
              IsSupersetOf({"connect-tcp 4711: denied ECONNREFUSED",
                            "connect-abstract sandproof: denied ECONNREFUSED"}));
  unit.set_filter("RestrictAddressFamilies", "AF_UNIX");
  EXPECT_THAT(unit.attempts("PrivateNetwork"), Not(Contains(HasSubstr("connect-tcp"))));
}

Value prefix(std::vector<std::uint64_t> bytes, std::uint64_t length) {
  std::vector<Value> address;
  for (const auto byte : bytes) address.push_back({"y", byte});
  return {"(iayu)", std::vector<Value>{{"i", std::int64_t{bytes.size() == 4 ? AF_INET : AF_INET6}},
                                       {"ay", address},
                                       {"u", length}}};
}

Value prefixes(std::vector<Value> list) { return {"a(iayu)", std::move(list)}; }

TEST(IPAddressDeny, OfAnyAddressLetsThroughWhatIsAllowed) {
  SampleUnit unit;
  unit.set("IPAddressDeny", prefixes({prefix({0, 0, 0, 0}, 0)}));
  EXPECT_THAT(
      unit.fronts("IPAddressDeny"),
      UnorderedElementsAre("send-udp 192.0.2.1: denied EPERM", "send-udp 127.0.0.1: denied EPERM"));
  unit.set("IPAddressAllow", prefixes({prefix({127, 0, 0, 0}, 8)}));
  for (const char* directive : {"IPAddressDeny", "IPAddressAllow"}) {
    EXPECT_THAT(unit.fronts(directive), UnorderedElementsAre("send-udp 192.0.2.1: denied EPERM",
                                                             "send-udp 127.0.0.1: allowed"));
  }
}

TEST(IPAddressDeny, OfANetworkIsTriedWithAnAddressOfIt) {
  EXPECT_THAT(SampleUnit()
                  .set("IPAddressDeny", prefixes({prefix({10, 1, 0, 0}, 16)}))
                  .fronts("IPAddressDeny"),
              ElementsAre("send-udp 10.1.0.1: denied EPERM"));
}

TEST(IPAddressDeny, OfIPv6AloneIsUntestable) {
  const std::vector<std::uint64_t> any(16, 0);
  EXPECT_THAT(SampleUnit()
                  .set("IPAddressDeny", prefixes({prefix(any, 0)}))
                  .promise("IPAddressDeny")
                  .untestable_because,
              HasSubstr("IPv4"));
}

TEST(IPAddressAllow, AloneRestrictsNothing) {
  EXPECT_TRUE(SampleUnit()
                  .set("IPAddressAllow", prefixes({prefix({127, 0, 0, 0}, 8)}))
                  .promise("IPAddressAllow")
                  .is_off);
}

// family, protocol, how many, from which
Value bind_list(std::int64_t family, std::int64_t protocol, std::uint64_t count,
                std::uint64_t first) {
  const Value item{"(iiqq)",
                   std::vector<Value>{{"i", family}, {"i", protocol}, {"q", count}, {"q", first}}};
  return {"a(iiqq)", std::vector{item}};
}

TEST(SocketBindDeny, OfAnyPortLetsThroughWhatIsAllowed) {
  SampleUnit unit;
  unit.set("SocketBindDeny", bind_list(0, 0, 0, 0));
  unit.set("SocketBindAllow", bind_list(0, IPPROTO_TCP, 1, 61999));
  EXPECT_THAT(unit.fronts("SocketBindDeny"),
              ElementsAre("bind-port 62000 tcp: denied EPERM", "bind-port 61999 udp: denied EPERM",
                          "bind-port 61999 tcp: allowed"));
}

TEST(SocketBindDeny, OfARangeIsTriedWithItsFirstPort) {
  EXPECT_THAT(SampleUnit()
                  .set("SocketBindDeny", bind_list(AF_INET, IPPROTO_TCP, 101, 100))
                  .fronts("SocketBindDeny"),
              ElementsAre("bind-port 100 tcp: denied EPERM"));
}

TEST(SocketBindAllow, AloneRestrictsNothing) {
  EXPECT_TRUE(
      SampleUnit().set("SocketBindAllow", bind_list(0, 0, 0, 0)).promise("SocketBindAllow").is_off);
}

TEST(RestrictNetworkInterfaces, OnlyTheLoopbackIsTried) {
  const auto unit = [](const char* list) {
    return SampleUnit().set_filter("RestrictNetworkInterfaces", list);
  };
  EXPECT_THAT(unit("~lo").fronts("RestrictNetworkInterfaces"),
              ElementsAre("send-udp 127.0.0.1: denied EPERM"));
  EXPECT_THAT(unit("eth0").fronts("RestrictNetworkInterfaces"),
              ElementsAre("send-udp 127.0.0.1: denied EPERM"));
  EXPECT_THAT(unit("lo").promise("RestrictNetworkInterfaces").untestable_because,
              HasSubstr("loopback"));
}

}  // namespace
}  // namespace sandproof::guarantee
