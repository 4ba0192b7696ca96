#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "guarantee/sample_unit.h"

namespace sandproof::guarantee {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

constexpr std::uint64_t bit(int capability) { return std::uint64_t{1} << capability; }
constexpr int cap_net_bind_service = 10;
constexpr int cap_net_raw = 13;
constexpr int cap_sys_chroot = 18;
constexpr int cap_sys_time = 25;
constexpr std::uint64_t all = ~std::uint64_t{0};

SampleUnit with_bounding_set(std::uint64_t set) {
  return SampleUnit().set("CapabilityBoundingSet", Value::unsigned_64(set));
}

TEST(CapabilityBoundingSet, OfAllCapabilitiesIsOff) {
  EXPECT_TRUE(with_bounding_set(all).promise("CapabilityBoundingSet").is_off);
}

TEST(CapabilityBoundingSet, OfFewIsAskedForTheOthers) {
  EXPECT_THAT(with_bounding_set(bit(cap_net_bind_service)).attempts("CapabilityBoundingSet"),
              Contains("hold-capability bounding ~ CAP_NET_BIND_SERVICE: denied EPERM"));
}

TEST(CapabilityBoundingSet, WithoutOneIsAskedForIt) {
  EXPECT_THAT(
      with_bounding_set(all & ~bit(cap_sys_time)).attempts("CapabilityBoundingSet"),
      ElementsAre("hold-capability bounding CAP_SYS_TIME: denied EPERM", "set-time: denied EPERM"));
}

TEST(CapabilityBoundingSet, TheRootOfANewUserNamespaceMayChangeItsRoot) {
  EXPECT_THAT(with_bounding_set(all & ~bit(cap_sys_chroot)).attempts("CapabilityBoundingSet"),
              Contains("in-user-namespace user change-root: denied EPERM by a new user namespace"));
}

TEST(CapabilityBoundingSet, DeedsThatAFilterStopsFirstAreNotAskedFor) {
  auto unit = with_bounding_set(0);
  EXPECT_THAT(unit.attempts("CapabilityBoundingSet"), Contains("change-root: denied EPERM"));
  unit.set_filter("SystemCallFilter", "~chroot");
  EXPECT_THAT(unit.attempts("CapabilityBoundingSet"), Not(Contains("change-root: denied EPERM")));
}

TEST(CapabilityBoundingSet, ARawSocketTakesAFamilyThatIsNotRestricted) {
  auto unit = with_bounding_set(all & ~bit(cap_net_raw));
  unit.set_filter("RestrictAddressFamilies", "AF_UNIX");
  EXPECT_THAT(unit.attempts("CapabilityBoundingSet"),
              ElementsAre("hold-capability bounding CAP_NET_RAW: denied EPERM"));
}

TEST(AmbientCapabilities, MustBeHeldAndOpenThePort) {
  SampleUnit unit;
  unit.set("AmbientCapabilities", Value::unsigned_64(bit(cap_net_bind_service)));
  EXPECT_THAT(unit.attempts("AmbientCapabilities"),
              ElementsAre("hold-capability ambient CAP_NET_BIND_SERVICE: allowed",
                          "bind-port 80: allowed"));
}

TEST(AmbientCapabilities, OfNoneAreOff) {
  EXPECT_TRUE(SampleUnit().promise("AmbientCapabilities").is_off);
}

}  // namespace
}  // namespace sandproof::guarantee
