#include "model/outcome.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <csignal>

namespace sandproof {
namespace {

TEST(Outcome, TheWordsOfTheProtocolAreReadBack) {
  for (const auto& outcome : {Outcome::allowed(), Outcome::denied(EROFS), Outcome::killed(SIGSYS),
                              Outcome::absent(ENOENT), Outcome::unable("errno EUCLEAN")}) {
    EXPECT_EQ(parse_outcome(to_string(outcome)), outcome) << to_string(outcome);
  }
}

TEST(Outcome, AnythingElseIsNoOutcome) {
  for (const char* text : {"", "allowed EPERM", "denied", "denied NOTHING", "unable", "killed 31",
                           "Allowed", "attempting"}) {
    EXPECT_EQ(parse_outcome(text), std::nullopt) << text;
  }
}

TEST(Outcome, AnOutcomeThatCouldNotBeHadStopsNothing) {
  EXPECT_FALSE(Outcome::unable("timed out").is_stopped());
  EXPECT_TRUE(Outcome::absent(ENOENT).is_stopped());
}

}  // namespace
}  // namespace sandproof
