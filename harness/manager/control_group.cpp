#include "manager/control_group.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <vector>

#include "base/fd.h"
#include "base/names.h"
#include "base/random.h"
#include "base/text.h"
#include "manager/mounts.h"

namespace sandproof {

namespace {

bool write_pid_to(const std::filesystem::path& group) {
  const Fd file(open((group / "cgroup.procs").c_str(), O_WRONLY | O_CLOEXEC));
  // "0" is the writer itself: cgroups(7).
  return file && write(file.get(), "0", 1) == 1;
}

// What follows "0::" in /proc/PROCESS/cgroup.
std::string group_of(const std::string& process) {
  std::ifstream lines("/proc/" + process + "/cgroup");
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("0::")) return line.substr(3);
  }
  return "/";
}

}  // namespace

Result<ControlGroup> ControlGroup::create() {
  for (const auto& mount : mounts_of_this_process()) {
    if (mount.type != "cgroup2") continue;
    ControlGroup group;
    group.before_ = mount.path + group_of("self");
    group.path_ = mount.path + "/sandproof-" + random_name();
    std::error_code error;
    if (!std::filesystem::create_directory(group.path_, error)) {
      return cannot_run("cannot make the control group " + group.path_.string() + ": " +
                        error.message());
    }
    return group;
  }
  return cannot_run("no cgroup2 file system is mounted, which a throwaway systemd needs");
}

Result<void> ControlGroup::enter() const {
  if (!write_pid_to(path_)) {
    return cannot_run("cannot enter the control group " + path_.string() + ": " +
                      errno_text(errno));
  }
  return {};
}

void ControlGroup::leave() const { write_pid_to(before_); }

namespace {

// Waits until the kernel says that the group has no processes: a dead one counts for a moment.
void wait_until_empty(const std::filesystem::path& group) {
  using clock = std::chrono::steady_clock;
  const auto deadline = clock::now() + std::chrono::seconds(5);
  const Fd events(open((group / "cgroup.events").c_str(), O_RDONLY | O_CLOEXEC));
  if (!events) return;
  while (clock::now() < deadline) {
    char text[128] = {};
    if (pread(events.get(), text, sizeof(text) - 1, 0) <= 0) return;
    if (std::string_view(text).find("populated 0") != std::string_view::npos) return;
    pollfd changed{events.get(), POLLPRI, 0};
    poll(&changed, 1, 100);
  }
}

void remove_tree(const std::filesystem::path& group) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(group, ignored)) {
    if (entry.is_directory(ignored)) remove_tree(entry.path());
  }
  rmdir(group.c_str());
}

}  // namespace

void ControlGroup::remove() const {
  wait_until_empty(path_);
  remove_tree(path_);
}

bool join_group_of(pid_t pid) {
  errno = ENOENT;
  const auto mounts = mounts_of_this_process();
  const auto unified = std::find_if(mounts.begin(), mounts.end(),
                                    [](const Mount& mount) { return mount.type == "cgroup2"; });
  return unified != mounts.end() && write_pid_to(unified->path + group_of(std::to_string(pid)));
}

}  // namespace sandproof
