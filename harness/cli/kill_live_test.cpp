// The harness is killed in the middle of a run, again and again, and nothing of it is left.
#include <gmock/gmock.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>

#include "manager/mounts.h"

namespace sandproof {
namespace {

using testing::IsEmpty;

const std::string program = std::string(SANDPROOF_BINARY_DIR) + "/sandproof";
const std::string unit = std::string(SANDPROOF_SOURCE_DIR) + "/units/runwisp.service";

// What a run makes on the machine carries this word: control groups, folders, processes.
constexpr const char* mark_prefix = "sandproof-";

std::set<std::string> marked_entries(const std::string& folder) {
  std::set<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().filename().string().starts_with(mark_prefix))
      names.insert(entry.path().string());
  }
  return names;
}

std::set<std::string> marks_on_the_machine() {
  std::set<std::string> all;
  for (const auto& mount : mounts_of_this_process()) {
    if (mount.path.find(mark_prefix) != std::string::npos) all.insert(mount.path);
    if (mount.type == "cgroup2") all.merge(marked_entries(mount.path));
  }
  for (const char* folder : {"/run", "/tmp", "/var/tmp", "/dev/shm", "/var/lib"}) {
    all.merge(marked_entries(folder));
  }
  return all;
}

std::set<std::string> marks_that_are_new(const std::set<std::string>& before) {
  std::set<std::string> marks = marks_on_the_machine();
  for (const auto& mark : before) marks.erase(mark);
  return marks;
}

pid_t start_check() {
  const pid_t pid = fork();
  if (pid == 0) {
    std::freopen("/dev/null", "w", stdout);
    std::freopen("/dev/null", "w", stderr);
    execl(program.c_str(), program.c_str(), "check", "--manager", "throwaway", unit.c_str(),
          nullptr);
    _exit(127);
  }
  return pid;
}

// Orphans become this process's children, so the end of all of them can be waited for.
void wait_for_all_descendants() {
  while (waitpid(-1, nullptr, 0) > 0 || errno == EINTR) {
  }
}

TEST(Kill, NothingIsLeftWheneverTheHarnessIsKilled) {
  ASSERT_EQ(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
  const auto before = marks_on_the_machine();
  constexpr int times = 20;
  for (int i = 0; i < times; ++i) {
    const pid_t harness = start_check();
    // Spread over the whole run: the boot, the preparations, the cells.
    const timespec delay{0, (i + 1) * 25'000'000L};
    nanosleep(&delay, nullptr);
    kill(harness, i % 4 == 0 ? SIGINT : SIGKILL);
    wait_for_all_descendants();
    EXPECT_THAT(marks_that_are_new(before), IsEmpty()) << "killed after " << (i + 1) * 25 << " ms";
  }
}

}  // namespace
}  // namespace sandproof
