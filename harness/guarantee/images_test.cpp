#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "guarantee/sample_unit.h"

namespace sandproof::guarantee {
namespace {

using testing::ElementsAre;

// Every file that is asked for is there, in the sample unit's machine and in its root.
TEST(RootDirectory, OfWhichNothingIsMissingCannotBeTold) {
  SampleUnit unit;
  unit.set("RootDirectory", Value::text("/srv/root"));
  EXPECT_EQ(unit.promise("RootDirectory").untestable_because,
            "it has each of the files that are looked for");
}

TEST(RootDirectory, HidesWhatItDoesNotHave) {
  const Settings settings(
      {{"RootDirectory", Value::text("/srv/root")},
       {"BindReadOnlyPaths",
        {"a(ssbt)",
         std::vector{Value{"(ssbt)", std::vector{Value::text("/usr"), Value::text("/usr")}}}}}},
      {});
  Bystander bystander;
  bystander.root_pid = 77;
  const Subject subject{.settings = settings,
                        .systemd = 252,
                        .user = "nobody",
                        .bystander = bystander,
                        .writable_folder = "/dev/shm",
                        .exists =
                            [](const std::string& path) {
                              return !path.starts_with("/srv/root") || path.ends_with("/passwd");
                            },
                        .place_of = nullptr};
  const auto promise = promise_of("RootDirectory", subject);
  ASSERT_TRUE(promise);
  std::vector<std::string> attempts;
  for (const auto& each : promise->attempts) attempts.push_back(to_string(each.attempt));
  EXPECT_THAT(attempts,
              ElementsAre("fs-read /etc/hostname", "fs-read /etc/debian_version",
                          "fs-read /etc/os-release", "fs-read /proc/77/root/etc/hostname"));
}

TEST(RootDirectory, OfTheMachineItselfIsNone) {
  SampleUnit unit;
  unit.set("RootDirectory", Value::text("/"));
  EXPECT_TRUE(unit.promise("RootDirectory").is_off);
}

}  // namespace
}  // namespace sandproof::guarantee
