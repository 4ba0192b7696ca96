#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "guarantee/filtered_calls.h"
#include "guarantee/sample_unit.h"

namespace sandproof::guarantee {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;

Value errno_value(int number) { return {"i", std::int64_t{number}}; }

TEST(SystemCallFilter, OfNothingIsOff) {
  EXPECT_TRUE(SampleUnit().promise("SystemCallFilter").is_off);
  EXPECT_TRUE(SampleUnit().promise("SystemCallErrorNumber").is_off);
}

TEST(SystemCallFilter, KillsUnlessAnErrnoIsSet) {
  SampleUnit unit;
  unit.set_filter("SystemCallFilter", "~adjtimex");
  EXPECT_THAT(unit.attempts("SystemCallFilter"), Contains("system-call adjtimex: killed SIGSYS"));
  unit.set("SystemCallErrorNumber", errno_value(EUCLEAN));
  EXPECT_THAT(unit.attempts("SystemCallFilter"),
              IsSupersetOf({"system-call adjtimex EUCLEAN: denied EUCLEAN",
                            "system-call i386:adjtimex EUCLEAN: denied EUCLEAN by the i386 system "
                            "call"}));
}

TEST(SystemCallFilter, ACallMayHaveItsOwnErrno) {
  SampleUnit unit;
  unit.set_filter("SystemCallFilter", "~adjtimex swapon:EACCES reboot:kill");
  unit.set("SystemCallErrorNumber", errno_value(EPERM));
  EXPECT_THAT(unit.attempts("SystemCallFilter"),
              IsSupersetOf({"system-call adjtimex EPERM: denied EPERM",
                            "system-call swapon EACCES: denied EACCES",
                            "system-call reboot: killed SIGSYS"}));
}

TEST(SystemCallFilter, AnAllowListDeniesTwoOfEachGroupAndLetsItsOwnThrough) {
  SampleUnit unit;
  unit.set_filter("SystemCallFilter", "read write fsync listen epoll_create1 ptrace:EACCES");
  const auto attempts = unit.attempts("SystemCallFilter");
  EXPECT_THAT(attempts,
              IsSupersetOf({"system-call adjtimex: killed SIGSYS",
                            "system-call clock_settime: killed SIGSYS",
                            "system-call ptrace EACCES: denied EACCES",
                            "system-call epoll_create1: allowed", "system-call fsync: allowed"}));
  EXPECT_THAT(attempts, Not(Contains(HasSubstr("settimeofday"))));
  EXPECT_THAT(attempts, Not(Contains("system-call listen: killed SIGSYS")));
}

TEST(SystemCallFilter, WithTheErrnoOfAMissingCallIsTriedWithThoseOfEveryKernel) {
  SampleUnit unit;
  unit.set_filter("SystemCallFilter", "~delete_module adjtimex");
  unit.set("SystemCallErrorNumber", errno_value(ENOSYS));
  const auto attempts = unit.attempts("SystemCallFilter");
  EXPECT_THAT(attempts, Contains("system-call adjtimex ENOSYS: denied ENOSYS"));
  EXPECT_THAT(attempts, Not(Contains(HasSubstr("delete_module"))));
}

TEST(SystemCallFilter, AgainstTracingLeavesOtherWaysIntoAProcess) {
  SampleUnit unit;
  unit.bystander.user_pid = 78;
  unit.set_filter("SystemCallFilter", "~ptrace");
  EXPECT_THAT(unit.attempts("SystemCallFilter"), Contains(HasSubstr("process-memory mem 78")));
  unit.set_filter("SystemCallFilter", "read write");
  EXPECT_THAT(unit.attempts("SystemCallFilter"), Not(Contains(HasSubstr("process-memory"))));
}

TEST(SystemCallErrorNumber, IsOfCallsWithoutTheirOwn) {
  SampleUnit unit;
  unit.set_filter("SystemCallFilter", "~adjtimex:EACCES swapon");
  unit.set("SystemCallErrorNumber", errno_value(EUCLEAN));
  EXPECT_THAT(unit.attempts("SystemCallErrorNumber"),
              testing::ElementsAre("system-call swapon EUCLEAN: denied EUCLEAN"));
}

TEST(SystemCallArchitectures, KillsForeignCallsUnlessTheyAreLetThrough) {
  SampleUnit unit;
  EXPECT_TRUE(unit.promise("SystemCallArchitectures").is_off);
  unit.set("SystemCallArchitectures", Value::texts({"native"}));
  EXPECT_THAT(unit.attempts("SystemCallArchitectures"),
              testing::ElementsAre("foreign-call: killed SIGSYS",
                                   "foreign-call x32: killed SIGSYS by the x32 ABI"));
  unit.set("SystemCallArchitectures", Value::texts({"native", "x32"}));
  EXPECT_THAT(unit.attempts("SystemCallArchitectures"),
              testing::ElementsAre("foreign-call: killed SIGSYS"));
  unit.set("SystemCallArchitectures", Value::texts({"x86", "x86-64"}));
  EXPECT_THAT(unit.promise("SystemCallArchitectures").untestable_because, HasSubstr("i386"));
}

TEST(FilteredWith, ANameIsNotTheBeginningOfAnother) {
  Properties properties;
  properties["SystemCallFilter"] = {
      "(bas)", std::vector{Value::boolean(false), Value::texts({"mount_setattr"})}};
  const Settings settings(properties, {});
  EXPECT_FALSE(is_filtered(settings, "mount"));
  EXPECT_TRUE(is_filtered(settings, "mount_setattr"));
}

std::string source_of(const std::string& probe) {
  std::ifstream file(SANDPROOF_SOURCE_DIR "/probes/seccomp/" + probe + ".cpp");
  return {std::istreambuf_iterator<char>(file), {}};
}

// The probes are other programs, with lists of their own.
TEST(SystemCallFilter, EveryCallIsOneThatTheProbeCanMake) {
  const std::string system_call = source_of("system_call");
  ASSERT_FALSE(system_call.empty());
  SampleUnit unit;
  unit.set_filter("SystemCallFilter", "read");
  for (const auto& expectation : unit.promise("SystemCallFilter").attempts) {
    const auto& [probe, args] = expectation.attempt;
    if (probe != "system-call" || args.front().find(':') != std::string::npos) continue;
    EXPECT_THAT(system_call, HasSubstr("{\"" + args.front() + "\",")) << args.front();
  }
}

TEST(SystemCallFilter, IsTriedByIoUringWhereThatHasTheCall) {
  const std::string io_uring_call = source_of("io_uring_call");
  SampleUnit unit;
  for (const std::string call :
       {"accept4", "bind", "connect", "fsync", "linkat", "listen", "mkdirat", "unlinkat"}) {
    unit.set_filter("SystemCallFilter", "~" + call);
    EXPECT_THAT(unit.attempts("SystemCallFilter"), Contains(HasSubstr("io-uring-call " + call)));
    EXPECT_THAT(io_uring_call, HasSubstr("{\"" + call + "\",")) << call;
  }
  unit.set_filter("SystemCallFilter", "~swapon");
  EXPECT_THAT(unit.attempts("SystemCallFilter"), Not(Contains(HasSubstr("io-uring-call"))));
}

}  // namespace
}  // namespace sandproof::guarantee
