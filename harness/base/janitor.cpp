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

[[noreturn]] void clean_up_at_the_end(const Fd& pipe) {
  // Out of reach of the terminal's Ctrl-C and of signals to the process group.
  setsid();
  prctl(PR_SET_NAME, "sandproof-clean");
  std::string paths;
  std::array<char, 4096> buffer{};
  ssize_t count = 0;
  while ((count = read(pipe.get(), buffer.data(), buffer.size())) > 0 ||
         (count < 0 && errno == EINTR)) {
    if (count > 0) paths.append(buffer.data(), static_cast<std::size_t>(count));
  }
  auto list = split(paths, '\0');
  std::error_code ignored;
  for (auto path = list.rbegin(); path != list.rend(); ++path) {
    if (!path->empty()) std::filesystem::remove_all(*path, ignored);
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
    writer.reset();
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
  const std::string line = path.string() + '\0';
  if (write(pipe_.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
    return cannot_run("cannot arrange the removal of " + path.string() + ": " + errno_text(errno));
  }
  return {};
}

}  // namespace sandproof
