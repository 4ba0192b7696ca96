#include "base/names.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <csignal>

namespace sandproof {
namespace {

TEST(Names, ErrnoNamesGoBothWays) {
  EXPECT_EQ(errno_name(EROFS), "EROFS");
  EXPECT_EQ(errno_number("EAFNOSUPPORT"), EAFNOSUPPORT);
  EXPECT_EQ(errno_number("EUCLEAN"), EUCLEAN);
}

TEST(Names, SecondNamesOfAnErrnoAreKnown) {
  EXPECT_EQ(errno_number("EWOULDBLOCK"), EAGAIN);
  EXPECT_EQ(errno_number("EOPNOTSUPP"), EOPNOTSUPP);
}

TEST(Names, UnknownNamesAreNotNumbers) {
  EXPECT_EQ(errno_number("EPERMISSION"), std::nullopt);
  EXPECT_EQ(signal_number("SIGNOTHING"), std::nullopt);
  EXPECT_EQ(errno_name(4711), "errno 4711");
}

TEST(Names, SignalNamesGoBothWays) {
  EXPECT_EQ(signal_name(SIGSYS), "SIGSYS");
  EXPECT_EQ(signal_number("SIGKILL"), SIGKILL);
}

}  // namespace
}  // namespace sandproof
