#include "base/janitor.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <string>
#include <vector>

#include "base/names.h"
#include "base/text.h"

namespace sandproof {

namespace {

// The first character of a task says which it is.
constexpr char removal = 'r';
constexpr char script = 's';

void carry_out(const std::string& task) {
  const std::string what = task.substr(1);
  std::error_code ignored;
  if (task.front() == removal) {
    std::filesystem::remove_all(what, ignored);
    return;
  }
  const pid_t pid = fork();
  if (pid == 0) {
    execl("/bin/sh", "sh", "-c", what.c_str(), nullptr);
    _exit(127);
  }
  while (pid > 0 && waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

// Others wait for the end of what the descriptors of this process lead to: another janitor, a unit
// that reads its standard input. A child that keeps them open would have them wait for its own end.
void close_all_but(const Fd& pipe) {
  const auto kept = static_cast<unsigned int>(pipe.get());
  if (kept > STDERR_FILENO + 1) close_range(STDERR_FILENO + 1, kept - 1, 0);
  close_range(kept + 1, ~0U, 0);
}

[[noreturn]] void clean_up_at_the_end(const Fd& pipe) {
  close_all_but(pipe);
  // Out of reach of the terminal's Ctrl-C and of signals to the process group.
  setsid();
  prctl(PR_SET_NAME, "sandproof-clean");
  std::string tasks;
  std::array<char, 4096> buffer{};
  ssize_t count = 0;
  while ((count = read(pipe.get(), buffer.data(), buffer.size())) > 0 ||
         (count < 0 && errno == EINTR)) {
    if (count > 0) tasks.append(buffer.data(), static_cast<std::size_t>(count));
  }
  auto list = split(tasks, '\0');
  for (auto task = list.rbegin(); task != list.rend(); ++task) {
    if (!task->empty()) carry_out(*task);
  }
  _exit(0);
}

}  // namespace

Result<Janitor> Janitor::start() {
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC) < 0) return cannot_run("cannot make a pipe: " + errno_text(errno));
  Fd reader(ends[0]);
  Fd writer(ends[1]);
  const pid_t pid = fork();
  if (pid < 0) return cannot_run("cannot fork: " + errno_text(errno));
  if (pid == 0) {
    clean_up_at_the_end(reader);
  }
  return Janitor(pid, std::move(writer));
}

Janitor::Janitor(Janitor&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), pipe_(std::move(other.pipe_)) {}

Janitor::~Janitor() {
  pipe_.reset();
  while (pid_ > 0 && waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Result<void> Janitor::will_remove(const std::filesystem::path& path) {
  return arrange(removal + path.string(), "the removal of " + path.string());
}

Result<void> Janitor::will_run(const std::string& text) {
  return arrange(script + text, "what is to be run at the end");
}

Result<void> Janitor::arrange(const std::string& task, const std::string& what) {
  const std::string record = task + '\0';
  if (write(pipe_.get(), record.data(), record.size()) != static_cast<ssize_t>(record.size())) {
    return cannot_run("cannot arrange " + what + ": " + errno_text(errno));
  }
  return {};
}

}  // namespace sandproof
