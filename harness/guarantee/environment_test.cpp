#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "guarantee/sample_unit.h"

namespace sandproof::guarantee {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

SampleUnit sample() {
  SampleUnit unit;
  unit.bystander.namespaces = {{"ipc", "4026531839"}, {"mnt", "4026531841"}, {"net", "4026531840"}};
  unit.bystander.dev_shm_file = "/dev/shm/x";
  return unit;
}

TEST(PrivateIpc, IsANamespaceOfItsOwn) {
  const auto attempts = sample().set("PrivateIPC").attempts("PrivateIPC");
  EXPECT_THAT(attempts, Contains("share-namespace ipc 4026531839: denied EXDEV"));
  EXPECT_THAT(attempts, Contains("enter-namespace ipc 1: denied EPERM by the namespace of PID 1"));
  EXPECT_THAT(attempts, Contains(HasSubstr("by the machine's /dev/mqueue")));
}

TEST(NamespacePath, OfAProcessMayBeAnybodys) {
  auto unit = sample();
  unit.set("NetworkNamespacePath", Value::text("/run/netns/x"));
  EXPECT_THAT(unit.attempts("NetworkNamespacePath"),
              Contains("share-namespace net 4026531840: denied EXDEV"));
  unit.set("NetworkNamespacePath", Value::text("/proc/1/ns/net"));
  EXPECT_EQ(unit.promise("NetworkNamespacePath").untestable_because,
            "it is a namespace that another process is in");
}

TEST(MountFlags, SharedMakesNoMountNamespace) {
  constexpr std::uint64_t shared = 1 << 20;
  constexpr std::uint64_t slave = 1 << 19;
  auto unit = sample();
  unit.set("MountFlags", Value::unsigned_64(shared));
  EXPECT_TRUE(unit.promise("MountFlags").is_off);
  unit.set("MountFlags", Value::unsigned_64(slave));
  EXPECT_THAT(unit.attempts("MountFlags"),
              ElementsAre("share-namespace mnt 4026531841: denied EXDEV"));
}

TEST(SecureBits, AreLookedAt) {
  auto unit = sample();
  unit.set("SecureBits", {"i", std::int64_t{5}});
  EXPECT_THAT(unit.attempts("SecureBits"),
              ElementsAre("lack-secure-bits 1: denied EPERM", "lack-secure-bits 4: denied EPERM"));
}

TEST(RestrictFileSystems, FilesOfWhatIsNotListedAreTried) {
  auto unit = sample();
  unit.set_filter("RestrictFileSystems", "~proc tmpfs");
  EXPECT_THAT(
      unit.fronts("RestrictFileSystems"),
      ElementsAre("fs-reach /proc/version: denied EPERM", "fs-reach /dev/shm/x: denied EPERM"));
  unit.set_filter("RestrictFileSystems", "ext4 proc tmpfs cgroup2");
  EXPECT_THAT(unit.fronts("RestrictFileSystems"),
              ElementsAre("fs-reach /sys/devices/system/cpu/online: denied EPERM"));
}

TEST(RestrictFileSystems, WithoutAValueIsNotCalledOff) {
  const auto promise = sample().promise("RestrictFileSystems");
  EXPECT_FALSE(promise.is_off);
  EXPECT_EQ(promise.untestable_because, "systemd has taken no file system from it");
}

}  // namespace
}  // namespace sandproof::guarantee
