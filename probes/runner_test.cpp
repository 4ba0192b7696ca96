// The runner: attempts in, what became of them out.
#include <sys/syscall.h>

#include <cerrno>

#include "test_program.h"

namespace sandproof::probe_test {
namespace {

using testing::HasSubstr;

// One attempt as the runner reads it.
std::string attempt(const std::vector<std::string>& words) {
  std::string fields;
  for (const std::string& word : words) fields.append(word).push_back('\0');
  return fields + '\0';
}

class Runner : public testing::Test {
 protected:
  static Ended feed(const std::string& attempts, const Options& options = {}) {
    Child runner(binary("runner"), {}, options);
    EXPECT_EQ(runner.read_until("ready\n"), "ready\n");
    // The runner may rightly end before it has read all.
    runner.write(attempts);
    runner.end_input();
    std::string output = runner.read_all();
    return {.output = std::move(output), .status = runner.wait()};
  }
};

TEST_F(Runner, EndsWithItsInput) {
  EXPECT_EQ(feed(""), (Ended{.output = "", .status = "exited 0"}));
}

TEST_F(Runner, RunsFiftyAttemptsInOrder) {
  const TemporaryFolder folder;
  std::string attempts;
  std::string expected;
  for (int number = 0; number < 50; ++number) {
    const bool there = number % 2 == 0;
    attempts += attempt({binary("fs-write"), there ? folder.str() : folder / "none"});
    expected += "@begin " + std::to_string(number) + "\nattempting\n" +
                (there ? "allowed\n" : "absent ENOENT\n") + "@end " + std::to_string(number) +
                (there ? " exited 21\n" : " exited 22\n");
  }
  EXPECT_EQ(feed(attempts), (Ended{.output = expected, .status = "exited 0"}));
}

TEST_F(Runner, PutsTogetherAnAttemptThatComesByteByByte) {
  Child runner(binary("runner"), {}, {});
  runner.read_until("ready\n");
  for (const char* expected : {"@begin 0\nattempting\nallowed\n@end 0 exited 21\n",
                               "@begin 1\nattempting\nallowed\n@end 1 exited 21\n"}) {
    for (const char byte : attempt({binary("socket-family"), "AF_UNIX"})) {
      EXPECT_TRUE(runner.write(std::string(1, byte)));
    }
    EXPECT_EQ(runner.read_until("exited 21\n"), expected);
  }
  runner.end_input();
  EXPECT_EQ(runner.wait(), "exited 0");
}

TEST_F(Runner, TellsADeathBySignalAndGoesOn) {
  const std::string attempts =
      attempt({binary("set-time")}) + attempt({binary("socket-family"), "AF_UNIX"});
  EXPECT_EQ(feed(attempts, {.filter = kill_on(SYS_settimeofday)}),
            (Ended{.output = "@begin 0\nattempting\n@end 0 killed 31\n"
                             "@begin 1\nattempting\nallowed\n@end 1 exited 21\n",
                   .status = "exited 0"}));
}

TEST_F(Runner, TellsWhatCannotBeExecuted) {
  EXPECT_EQ(feed(attempt({"/nonexistent/probe"})),
            (Ended{.output = "@begin 0\nunable cannot execute: ENOENT\n@end 0 exited 23\n",
                   .status = "exited 0"}));
}

TEST_F(Runner, SaysThatItCannotFork) {
  EXPECT_EQ(feed(attempt({binary("set-time")}), {.filter = fail_with(EPERM, SYS_clone)}),
            (Ended{.output = "@begin 0\n@nofork EPERM\n", .status = "exited 25"}));
}

TEST_F(Runner, NeedsSixSystemCalls) {
  const Options strict{.filter = allow_only({SYS_execveat, SYS_read, SYS_write, SYS_clone,
                                             SYS_execve, SYS_wait4, SYS_exit_group, SYS_socket})};
  EXPECT_EQ(
      feed(attempt({binary("socket-family"), "AF_UNIX"}), strict),
      (Ended{.output = "@begin 0\nattempting\nallowed\n@end 0 exited 21\n", .status = "exited 0"}));
}

TEST_F(Runner, TakesAnAttemptOfEightKilobytesAndNotOneByteMore) {
  const std::string path = binary("set-time");
  // The path's NUL, the argument's NUL and the empty field.
  const std::string argument(8192 - path.size() - 3, 'x');
  EXPECT_THAT(feed(attempt({path, argument})),
              (Ended{.output = "@begin 0\nunable usage: set-time\n@end 0 exited 23\n",
                     .status = "exited 0"}));
  EXPECT_EQ(feed(attempt({path, argument + "x"})),
            (Ended{.output = "@broken too long\n", .status = "exited 26"}));
}

TEST_F(Runner, RefusesHalfAnAttempt) {
  EXPECT_EQ(feed(std::string("/bin/true\0", 10)),
            (Ended{.output = "@broken cut short\n", .status = "exited 26"}));
  EXPECT_EQ(feed(std::string(1, '\0')),
            (Ended{.output = "@broken no path\n", .status = "exited 26"}));
}

TEST_F(Runner, HandsItsEnvironmentOn) {
  const Ended ended = feed(attempt({"/usr/bin/env"}), {.environment = {"SEEN=yes"}});
  EXPECT_THAT(ended.output, HasSubstr("\nSEEN=yes\n"));
}

}  // namespace
}  // namespace sandproof::probe_test
