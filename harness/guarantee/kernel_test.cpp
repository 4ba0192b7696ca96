#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "guarantee/sample_unit.h"

namespace sandproof::guarantee {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;

TEST(Kernel, EveryDirectiveThatIsNotSetIsOff) {
  for (const char* directive :
       {"ProtectKernelTunables", "ProtectKernelModules", "ProtectKernelLogs",
        "ProtectControlGroups", "ProtectClock", "ProtectHostname"}) {
    EXPECT_TRUE(SampleUnit().promise(directive).is_off) << directive;
  }
}

TEST(ProtectKernelTunables, MakesProcAndSysReadOnlyForEveryUser) {
  EXPECT_THAT(
      SampleUnit().set("ProtectKernelTunables").attempts("ProtectKernelTunables"),
      IsSupersetOf({"unlink-nothing /proc/sys: denied EROFS", "unlink-nothing /sys: denied EROFS",
                    "fs-open-write /proc/sys/kernel/core_pattern: denied EROFS",
                    "fs-read /proc/kallsyms: denied EACCES or absent ENODATA"}));
}

TEST(ProtectKernelTunables, WithoutFilesInProcIsShownInSys) {
  SampleUnit unit;
  unit.set("ProtectKernelTunables").set("ProtectKernelLogs");
  unit.set("ProcSubset", Value::text("pid"));
  EXPECT_THAT(unit.fronts("ProtectKernelTunables"),
              ElementsAre("unlink-nothing /sys: denied EROFS"));
  EXPECT_THAT(unit.fronts("ProtectKernelLogs"), Not(Contains(HasSubstr("/proc/kmsg"))));
}

TEST(ProtectKernelTunables, PidOneIsNoWayOutOfAPidNamespace) {
  SampleUnit unit;
  unit.set("ProtectKernelTunables");
  EXPECT_THAT(unit.attempts("ProtectKernelTunables"), Contains(HasSubstr("the root of PID 1")));
  unit.set("PrivatePIDs", Value::text("yes"));
  EXPECT_THAT(unit.attempts("ProtectKernelTunables"),
              Not(Contains(HasSubstr("the root of PID 1"))));
}

TEST(ProtectClock, DeniesEvenTheQuestion) {
  EXPECT_THAT(SampleUnit().set("ProtectClock").attempts("ProtectClock"),
              IsSupersetOf({"query-clock: denied EPERM", "set-time: denied EPERM",
                            "hold-capability bounding CAP_SYS_TIME CAP_WAKE_ALARM: denied EPERM"}));
}

TEST(ProtectKernelModules, CallsThatTheUnitsOwnFilterAnswersAreNotMistakenForOpen) {
  SampleUnit unit;
  unit.set("ProtectKernelModules");
  EXPECT_THAT(unit.attempts("ProtectKernelModules"),
              Contains("system-call init_module EPERM: denied EPERM"));
  unit.set_filter("SystemCallFilter", "~init_module:ENOSYS");
  EXPECT_THAT(unit.attempts("ProtectKernelModules"),
              Not(Contains(HasSubstr(" init_module EPERM"))));
}

TEST(ProtectKernelLogs, ThePrivateDevHasNoLog) {
  SampleUnit unit;
  unit.set("ProtectKernelLogs");
  EXPECT_THAT(unit.attempts("ProtectKernelLogs"), Contains(HasSubstr("/dev/kmsg")));
  unit.set("PrivateDevices");
  EXPECT_THAT(unit.attempts("ProtectKernelLogs"), Not(Contains(HasSubstr("/dev/kmsg"))));
}

TEST(ProtectControlGroups, PrivateHidesTheTreeAndLeavesItsOwnWritable) {
  SampleUnit unit;
  unit.set("ProtectControlGroups").set("ProtectControlGroupsEx", Value::text("private"));
  EXPECT_THAT(unit.attempts("ProtectControlGroups"),
              ElementsAre("fs-read /sys/fs/cgroup/init.scope: absent ENOENT"));
  unit.set("ProtectControlGroupsEx", Value::text("strict"));
  EXPECT_THAT(unit.attempts("ProtectControlGroups"),
              IsSupersetOf({"fs-read /sys/fs/cgroup/init.scope: absent ENOENT",
                            "fs-write /sys/fs/cgroup: denied EROFS"}));
}

TEST(ProtectControlGroups, ATreeOfItsOwnIsADoorEvenWithoutCapabilities) {
  EXPECT_THAT(
      SampleUnit().set("ProtectControlGroups").attempts("ProtectControlGroups"),
      IsSupersetOf(
          {"open-write-fresh cgroup2 cgroup.procs: denied EPERM by another cgroup2",
           "in-user-namespace cgroup open-write-fresh cgroup2 cgroup.procs: denied EPERM by "
           "another cgroup2 in a new user namespace"}));
}

TEST(ProtectHostname, NamesTheFileThatStaysWritable) {
  EXPECT_THAT(SampleUnit().set("ProtectHostname").attempts("ProtectHostname"),
              IsSupersetOf({"set-hostname: denied EPERM",
                            "fs-open-write /proc/sys/kernel/hostname: denied EROFS by "
                            "/proc/sys/kernel/hostname"}));
}

TEST(ProtectHostname, PrivateIsANameThatMayBeChanged) {
  SampleUnit unit;
  unit.set("ProtectHostname")
      .set("ProtectHostnameEx",
           {"(ss)", std::vector{Value::text("private"), Value::text("other")}});
  EXPECT_THAT(unit.promise("ProtectHostname").untestable_because, HasSubstr("of its own"));
  unit.bystander.namespaces = {{"uts", "4026531838"}};
  EXPECT_THAT(unit.attempts("ProtectHostname"),
              ElementsAre("share-namespace uts 4026531838: denied EXDEV"));
}

}  // namespace
}  // namespace sandproof::guarantee
