#include "manager/mounts.h"

#include <gtest/gtest.h>

namespace sandproof {
namespace {

TEST(Mounts, TheMountPointAndTheTypeAreReadWhateverStandsBetween) {
  const auto mounts = parse_mountinfo(
      "28 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n"
      "30 28 0:26 / /with\\040blank rw - tmpfs tmpfs rw\n"
      "31 28 0:27 / /sys/fs/cgroup rw shared:2 master:1 - cgroup2 cgroup2 rw\n");
  ASSERT_EQ(mounts.size(), 3U);
  EXPECT_EQ(mounts[0].type, "ext4");
  EXPECT_EQ(mounts[0].id, 28U);
  EXPECT_EQ(mounts[0].file_system, 254U << 20);
  EXPECT_EQ(mounts[0].root, "/");
  EXPECT_EQ(mounts[1].file_system, 26U);
  EXPECT_EQ(mounts[1].path, "/with blank");
  EXPECT_EQ(mounts[2].type, "cgroup2");
}

TEST(Mounts, ALineThatIsNoMountIsLeftOut) {
  EXPECT_TRUE(parse_mountinfo("nonsense\n\n1 2 3:4 / /x rw -\n").empty());
}

}  // namespace
}  // namespace sandproof
