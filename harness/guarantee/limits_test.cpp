#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "guarantee/sample_unit.h"

namespace sandproof::guarantee {
namespace {

using testing::ElementsAre;

SampleUnit limited(const std::string& directive, std::uint64_t most) {
  SampleUnit unit;
  unit.set(directive, Value::unsigned_64(most));
  unit.set(directive + "Soft", Value::unsigned_64(most));
  return unit;
}

TEST(Limits, OneMoreIsTriedWhereThatIsHarmless) {
  EXPECT_THAT(
      limited("LimitNOFILE", 64).attempts("LimitNOFILE"),
      ElementsAre("exceed-limit NOFILE 64: denied EBADF",
                  "raise-hard-limit NOFILE 64: denied EPERM by setrlimit of a higher limit"));
  EXPECT_THAT(limited("LimitFSIZE", 4096).attempts("LimitFSIZE").front(),
              "exceed-limit FSIZE 4096: killed SIGXFSZ");
  EXPECT_THAT(limited("LimitNPROC", 20).attempts("LimitNPROC").front(),
              "fork-many 20: denied EAGAIN");
}

TEST(Limits, TheLimitItselfIsAskedForWhereOneMoreIsTooMuch) {
  EXPECT_THAT(limited("LimitCORE", 0).attempts("LimitCORE").front(),
              "raise-soft-limit CORE 0: denied EINVAL");
  EXPECT_THAT(limited("LimitNPROC", 4000).attempts("LimitNPROC").front(),
              "raise-soft-limit NPROC 4000: denied EINVAL");
  EXPECT_THAT(limited("LimitNOFILE", 1 << 30).attempts("LimitNOFILE").front(),
              "raise-soft-limit NOFILE 1073741824: denied EINVAL");
}

TEST(Limits, InfinityIsNone) {
  EXPECT_TRUE(limited("LimitCORE", ~std::uint64_t{0}).promise("LimitCORE").is_off);
}

}  // namespace
}  // namespace sandproof::guarantee
