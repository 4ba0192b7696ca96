#include "base/janitor.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sandproof {
namespace {

std::filesystem::path new_folder() {
  std::string name = testing::TempDir() + "janitor.XXXXXX";
  return mkdtemp(name.data()) != nullptr ? name : "";
}

TEST(Janitor, RemovesAFolderWithItsFilesAtTheEnd) {
  const auto folder = new_folder();
  {
    auto janitor = Janitor::start();
    ASSERT_TRUE(janitor);
    ASSERT_TRUE(janitor->will_remove(folder));
    std::filesystem::create_directories(folder / "a/b");
    EXPECT_TRUE(std::filesystem::exists(folder));
  }
  EXPECT_FALSE(std::filesystem::exists(folder));
}

TEST(Janitor, RunsTheLastThatWasArrangedFirst) {
  const auto folder = new_folder();
  {
    auto janitor = Janitor::start();
    ASSERT_TRUE(janitor);
    // What the script makes is removed by the task that was arranged before it.
    ASSERT_TRUE(janitor->will_remove(folder / "made"));
    ASSERT_TRUE(janitor->will_run("touch " + (folder / "made").string() + " " +
                                  (folder / "kept").string()));
    EXPECT_FALSE(std::filesystem::exists(folder / "kept"));
  }
  EXPECT_TRUE(std::filesystem::exists(folder / "kept"));
  EXPECT_FALSE(std::filesystem::exists(folder / "made"));
  std::filesystem::remove_all(folder);
}

TEST(Janitor, RemovesAfterItsOwnerWasKilled) {
  const auto folder = new_folder();
  // The janitor holds the write end too: end of file says that it is gone.
  int ends[2] = {-1, -1};
  ASSERT_EQ(pipe(ends), 0);
  const pid_t owner = fork();
  if (owner == 0) {
    close(ends[0]);
    auto janitor = Janitor::start();
    if (!janitor || !janitor->will_remove(folder)) _exit(1);
    kill(getpid(), SIGKILL);
  }
  close(ends[1]);
  waitpid(owner, nullptr, 0);
  char byte = 0;
  EXPECT_EQ(read(ends[0], &byte, 1), 0);
  close(ends[0]);
  EXPECT_FALSE(std::filesystem::exists(folder));
}

}  // namespace
}  // namespace sandproof
