#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "guarantee/sample_unit.h"

namespace sandproof::guarantee {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

TEST(TasksMax, IsTriedWhereItIsFew) {
  SampleUnit unit;
  unit.set("TasksMax", Value::unsigned_64(3));
  EXPECT_THAT(unit.fronts("TasksMax"), ElementsAre("fork-many 3: denied EAGAIN"));
  unit.set("TasksMax", Value::unsigned_64(5000));
  EXPECT_THAT(unit.fronts("TasksMax"),
              ElementsAre("escape-group-limit pids.max 5000: denied EDQUOT"));
  unit.set("TasksMax", Value::unsigned_64(~std::uint64_t{0}));
  EXPECT_TRUE(unit.promise("TasksMax").is_off);
}

TEST(ControlGroup, IsLeftByEveryTreeThatThereIs) {
  SampleUnit unit;
  unit.set("TasksMax", Value::unsigned_64(3));
  EXPECT_THAT(unit.attempts("TasksMax"),
              testing::IsSupersetOf(
                  {"leave-group /sys/fs/cgroup fork-many 3: denied EROFS by another control group",
                   "leave-group fresh fork-many 3: denied EPERM by another control group, by a "
                   "cgroup2 of its own",
                   "leave-group /proc/1/root/sys/fs/cgroup fork-many 3: denied EACCES by another "
                   "control group, by the root of PID 1"}));
  unit.set("PrivatePIDs", Value::text("yes"));
  EXPECT_THAT(unit.attempts("TasksMax"),
              testing::Not(testing::Contains(testing::HasSubstr("/proc/1"))));
}

TEST(CpuQuota, IsCountedInMicrosecondsASecond) {
  SampleUnit unit;
  unit.set("CPUQuotaPerSecUSec", Value::unsigned_64(200'000));
  EXPECT_THAT(unit.fronts("CPUQuota"),
              ElementsAre("escape-group-limit cpu.max 200000: denied EDQUOT"));
}

TEST(AllowedCpus, TheFirstThatIsLeftOutIsTried) {
  SampleUnit unit;
  const auto bitmap = [](std::uint64_t first, std::uint64_t second) {
    return Value{"ay", std::vector{Value{"y", first}, Value{"y", second}}};
  };
  unit.set("AllowedCPUs", bitmap(1, 0));
  EXPECT_THAT(unit.fronts("AllowedCPUs"), ElementsAre("run-on-processor 1: denied EINVAL"));
  unit.set("AllowedCPUs", bitmap(255, 1));
  EXPECT_THAT(unit.fronts("AllowedCPUs"), ElementsAre("run-on-processor 9: denied EINVAL"));
}

TEST(Untestable, IsToldWithItsReason) {
  const auto promise = SampleUnit().promise("IOReadBandwidthMax");
  EXPECT_THAT(promise.attempts, SizeIs(0));
  EXPECT_EQ(promise.untestable_because, "it makes the unit wait, and denies nothing");
}

}  // namespace
}  // namespace sandproof::guarantee
