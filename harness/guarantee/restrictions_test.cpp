#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "guarantee/sample_unit.h"

namespace sandproof::guarantee {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;

SampleUnit with_namespaces(std::uint64_t allowed) {
  return SampleUnit().set("RestrictNamespaces", Value::unsigned_64(allowed));
}

TEST(RestrictNamespaces, AllowingAllIsOff) {
  EXPECT_TRUE(with_namespaces(~std::uint64_t{0}).promise("RestrictNamespaces").is_off);
}

TEST(RestrictNamespaces, OfSomeTypesLetsTheOthersThrough) {
  constexpr std::uint64_t all_but_net = 0x3e020000;
  const auto attempts = with_namespaces(all_but_net).attempts("RestrictNamespaces");
  EXPECT_THAT(attempts, IsSupersetOf({"new-namespace unshare net: denied EPERM",
                                      "new-namespace unshare user: allowed",
                                      "new-namespace setns any: denied EPERM",
                                      "new-namespace clone3 net: denied ENOSYS by clone3"}));
}

TEST(RestrictNamespaces, TimeNamespacesAreOlderThanTheirRestriction) {
  auto unit = with_namespaces(0);
  EXPECT_THAT(unit.attempts("RestrictNamespaces"),
              Contains("new-namespace unshare time: denied EPERM"));
  unit.systemd = 247;
  EXPECT_THAT(unit.attempts("RestrictNamespaces"),
              Not(Contains("new-namespace unshare time: denied EPERM")));
}

TEST(RestrictNamespaces, AFilterThatAnswersAsTheKernelDoesMakesItUntestable) {
  auto unit = with_namespaces(0);
  unit.set_filter("SystemCallFilter", "~unshare:EINVAL");
  EXPECT_THAT(unit.promise("RestrictNamespaces").untestable_because, HasSubstr("unshare(2)"));
}

TEST(RestrictRealtime, TakesThePolicyOfEachCall) {
  EXPECT_THAT(SampleUnit().set("RestrictRealtime").attempts("RestrictRealtime"),
              IsSupersetOf({"set-realtime sched_setscheduler fifo: denied EPERM",
                            "set-realtime sched_setattr fifo: denied EPERM by sched_setattr"}));
}

TEST(RestrictSUIDSGID, TriesAnUnnamedFileWhereItCanBeWritten) {
  SampleUnit unit;
  unit.set("RestrictSUIDSGID");
  EXPECT_THAT(unit.attempts("RestrictSUIDSGID"),
              IsSupersetOf({"make-suid fchmod: denied EPERM",
                            "make-suid tmpfile /dev/shm: denied EPERM by open(O_TMPFILE)"}));
  unit.writable_folder = "";
  EXPECT_THAT(unit.attempts("RestrictSUIDSGID"), Not(Contains(HasSubstr("tmpfile"))));
}

TEST(LockPersonality, DeniesEvenTheQuestion) {
  EXPECT_THAT(SampleUnit().set("LockPersonality").attempts("LockPersonality"),
              Contains("query-personality: denied EPERM"));
}

TEST(MemoryDenyWriteExecute, HasTheErrnoOfAFilterOrOfTheKernel) {
  SampleUnit unit;
  unit.set("MemoryDenyWriteExecute");
  EXPECT_THAT(unit.attempts("MemoryDenyWriteExecute"),
              Contains("map-executable mmap: denied EPERM"));
  unit.systemd = 257;
  EXPECT_THAT(unit.attempts("MemoryDenyWriteExecute"),
              Contains("map-executable mmap: denied EPERM or denied EACCES"));
}

}  // namespace
}  // namespace sandproof::guarantee
