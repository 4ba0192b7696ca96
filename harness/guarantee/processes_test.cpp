#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "guarantee/sample_unit.h"

namespace sandproof::guarantee {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

SampleUnit with(const std::string& name, const std::string& value) {
  SampleUnit unit;
  unit.bystander.root_pid = 77;
  unit.bystander.user_pid = 78;
  return unit.set(name, Value::text(value));
}

TEST(ProtectProc, EveryModeHidesInItsOwnWay) {
  EXPECT_THAT(with("ProtectProc", "invisible").attempts("ProtectProc"),
              ElementsAre("see-process 77: absent ENOENT"));
  EXPECT_THAT(with("ProtectProc", "noaccess").attempts("ProtectProc"),
              ElementsAre("see-process 77: denied EPERM"));
  EXPECT_TRUE(with("ProtectProc", "default").promise("ProtectProc").is_off);
}

TEST(ProtectProc, HidesNothingFromRootUnlessRootMayNotTrace) {
  auto unit = with("ProtectProc", "invisible");
  unit.user = "";
  unit.set("CapabilityBoundingSet", Value::unsigned_64(0));
  EXPECT_TRUE(unit.promise("ProtectProc").is_off);
  unit.set("ProtectProc", Value::text("ptraceable"));
  EXPECT_THAT(unit.attempts("ProtectProc"), ElementsAre("see-process 77: absent ENOENT"));
  unit.set("CapabilityBoundingSet", Value::unsigned_64(~std::uint64_t{0}));
  EXPECT_TRUE(unit.promise("ProtectProc").is_off);
}

TEST(ProcSubset, LeavesNothingButProcesses) {
  EXPECT_TRUE(with("ProcSubset", "all").promise("ProcSubset").is_off);
  EXPECT_THAT(with("ProcSubset", "pid").attempts("ProcSubset"),
              Contains("fs-read /proc/meminfo: absent ENOENT"));
}

TEST(PrivatePIDs, IsATextOnTheBus) {
  EXPECT_TRUE(with("PrivatePIDs", "no").promise("PrivatePIDs").is_off);
  EXPECT_THAT(with("PrivatePIDs", "yes").fronts("PrivatePIDs"),
              ElementsAre("signal 78: absent ESRCH", "see-process 78: absent ENOENT"));
}

TEST(PrivatePIDs, LeavesNoProcessToReachInto) {
  EXPECT_THAT(with("PrivatePIDs", "yes").attempts("PrivatePIDs"),
              Contains("process-memory mem 78: denied EPERM or denied EACCES or absent ENOENT or "
                       "absent ESRCH by /proc/PID/mem"));
}

TEST(PrivateUsers, HasNoOtherUsers) {
  EXPECT_TRUE(SampleUnit().promise("PrivateUsers").is_off);
  EXPECT_THAT(SampleUnit().set("PrivateUsers").attempts("PrivateUsers"),
              ElementsAre("become-user 100000: denied EINVAL"));
  EXPECT_THAT(with("PrivateUsersEx", "identity").set("PrivateUsers").attempts("PrivateUsers"),
              ElementsAre("become-user 100000: denied EINVAL"));
  EXPECT_TRUE(with("PrivateUsersEx", "no").promise("PrivateUsers").is_off);
}

TEST(PrivateUsers, OfFullHasAllAndOnlyItsNamespaceTells) {
  auto unit = with("PrivateUsersEx", "full");
  EXPECT_THAT(unit.promise("PrivateUsers").untestable_because, Not(IsEmpty()));
  unit.bystander.namespaces["user"] = "4026531837";
  EXPECT_THAT(unit.attempts("PrivateUsers"),
              ElementsAre("share-namespace user 4026531837: denied EXDEV"));
}

}  // namespace
}  // namespace sandproof::guarantee
