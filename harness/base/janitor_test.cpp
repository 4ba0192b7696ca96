#include "base/janitor.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <optional>

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

TEST(Janitor, EndsBeforeOneThatWasStartedLater) {
  const auto folder = new_folder();
  auto first = Janitor::start();
  ASSERT_TRUE(first);
  std::optional<Janitor> janitor(*std::move(first));
  ASSERT_TRUE(janitor->will_remove(folder));
  const auto later = Janitor::start();
  ASSERT_TRUE(later);
  janitor.reset();
  EXPECT_FALSE(std::filesystem::exists(folder));
}

TEST(Janitor, KeepsNothingOpenThatItsOwnerCloses) {
  int ends[2] = {-1, -1};
  ASSERT_EQ(pipe(ends), 0);
  const auto janitor = Janitor::start();
  ASSERT_TRUE(janitor);
  close(ends[1]);
  char byte = 0;
  EXPECT_EQ(read(ends[0], &byte, 1), 0);
  close(ends[0]);
}

TEST(Janitor, RemovesAfterItsOwnerWasKilled) {
  const auto folder = new_folder();
  const auto told = new_folder() / "told";
  ASSERT_EQ(mkfifo(told.c_str(), 0600), 0);
  const pid_t owner = fork();
  if (owner == 0) {
    auto janitor = Janitor::start();
    // Done last.
    if (!janitor || !janitor->will_run("echo > " + told.string())) _exit(1);
    if (!janitor->will_remove(folder)) _exit(1);
    kill(getpid(), SIGKILL);
  }
  waitpid(owner, nullptr, 0);
  // Waits until somebody opens it for writing.
  close(open(told.c_str(), O_RDONLY));
  EXPECT_FALSE(std::filesystem::exists(folder));
  std::filesystem::remove_all(told.parent_path());
}

}  // namespace
}  // namespace sandproof
