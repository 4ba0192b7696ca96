#include "base/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace sandproof {
namespace {

using testing::HasSubstr;

TEST(Program, GetsItsInputAndAnswersItsOutput) {
  const auto output = run_program("cat", {}, "one\ntwo\n");
  ASSERT_TRUE(output) << output.error().message;
  EXPECT_EQ(*output, "one\ntwo\n");
}

TEST(Program, NoShellReadsTheArguments) {
  const auto output = run_program("/bin/echo", {"$HOME", "a b", ";"});
  ASSERT_TRUE(output) << output.error().message;
  EXPECT_EQ(*output, "$HOME a b ;\n");
}

TEST(Program, AFailureEndsWithWhatTheProgramSaid) {
  const auto output = run_program("cat", {"/no/such/file"});
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().kind, Error::Kind::cannot_run);
  EXPECT_THAT(output.error().message, HasSubstr("cat failed with status 1: "));
  EXPECT_THAT(output.error().message, HasSubstr("/no/such/file"));
}

TEST(Program, AdviceAfterWhatIsFatalIsNotWhatItSaid) {
  const auto output =
      run_program("/bin/sh", {"-c", "echo fatal: no >&2; echo Try this. >&2; exit 1"});
  ASSERT_FALSE(output);
  EXPECT_THAT(output.error().message, testing::EndsWith(": fatal: no"));
}

TEST(Program, OneThatIsNotInstalledIsNamed) {
  const auto output = run_program("no-such-program", {});
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().message, "no-such-program is not installed");
}

TEST(Program, OneThatHangsIsEnded) {
  const auto before = std::chrono::steady_clock::now();
  const auto output = run_program("sleep", {"60"}, {}, std::chrono::milliseconds(50));
  ASSERT_FALSE(output);
  EXPECT_THAT(output.error().message, HasSubstr("did not end within 50 ms"));
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(30));
}

TEST(Program, OutputLargerThanAPipeArrivesWhole) {
  const std::string much(1 << 20, 'x');
  const auto output = run_program("cat", {}, much);
  ASSERT_TRUE(output) << output.error().message;
  EXPECT_EQ(output->size(), much.size());
}

}  // namespace
}  // namespace sandproof
