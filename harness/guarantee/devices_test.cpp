#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "guarantee/sample_unit.h"

namespace sandproof::guarantee {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;

SampleUnit with_policy(const std::string& policy) {
  return SampleUnit().set("DevicePolicy", Value::text(policy));
}

Value device_list(const std::string& name, const std::string& access) {
  const Value entry{"(ss)", std::vector{Value::text(name), Value::text(access)}};
  return {"a(ss)", std::vector{entry}};
}

TEST(PrivateDevices, HasNoDevicesAndMakesNone) {
  EXPECT_THAT(
      SampleUnit().set("PrivateDevices").attempts("PrivateDevices"),
      IsSupersetOf({"fs-read /dev/kmsg: absent ENOENT", "unlink-nothing /dev: denied EROFS",
                    "hold-capability bounding CAP_MKNOD CAP_SYS_RAWIO: denied EPERM",
                    "make-device /dev/shm 1 11: denied EPERM by a device node of its own"}));
}

TEST(PrivateDevices, HasDoorsPastTheDevicePolicyItImplies) {
  SampleUnit unit;
  unit.set("PrivateDevices");
  EXPECT_THAT(
      unit.attempts("PrivateDevices"),
      IsSupersetOf(
          {"leave-group fresh open-write-fresh devtmpfs fuse: denied EPERM by a devtmpfs of "
           "its own, from another control group",
           "leave-group /sys/fs/cgroup fs-read /proc/1/root/dev/fuse: denied EROFS or "
           "denied EACCES by the root of PID 1, from another control group"}));
}

TEST(DevicePolicy, OfAutoIsOffUntilADeviceIsAllowed) {
  auto unit = with_policy("auto");
  EXPECT_TRUE(unit.promise("DevicePolicy").is_off);
  unit.set("DeviceAllow", device_list("/dev/fuse", "rw"));
  EXPECT_THAT(unit.attempts("DevicePolicy"),
              IsSupersetOf({"fs-read /dev/null: allowed", "fs-read /dev/net/tun: denied EPERM"}));
  EXPECT_THAT(unit.attempts("DeviceAllow"), Not(Contains("fs-read /dev/fuse: denied EPERM")));
}

TEST(DevicePolicy, OfStrictDeniesTheStandardDevicesToo) {
  auto unit = with_policy("strict");
  EXPECT_THAT(unit.attempts("DevicePolicy"), Contains("fs-read /dev/null: denied EPERM"));
  unit.set("DeviceAllow", device_list("/dev/null", "rw"));
  EXPECT_THAT(unit.attempts("DevicePolicy"),
              IsSupersetOf({"fs-read /dev/null: allowed", "fs-read /dev/zero: denied EPERM"}));
}

TEST(DevicePolicy, AGroupMayBeAPattern) {
  auto unit = with_policy("closed").set("DeviceAllow", device_list("char-m*", "r"));
  unit.user = "";
  EXPECT_THAT(unit.attempts("DevicePolicy"), Not(Contains(HasSubstr("denied"))));
}

TEST(DevicePolicy, PrivateDevicesLeavesNothingToDeny) {
  auto unit = with_policy("closed").set("PrivateDevices");
  EXPECT_THAT(unit.promise("DevicePolicy").untestable_because, HasSubstr("no device"));
}

}  // namespace
}  // namespace sandproof::guarantee
