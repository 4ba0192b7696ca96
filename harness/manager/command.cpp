#include "manager/command.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "base/fd.h"
#include "base/names.h"

namespace sandproof {

namespace {

int wait_for(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

// Tells why there is nothing to wait for: the pipe closes by itself when the command runs.
[[noreturn]] void give_up(int pipe) {
  const int error = errno;
  _exit(write(pipe, &error, sizeof(error)) == sizeof(error) ? 1 : 2);
}

[[noreturn]] void be_child(const std::vector<std::string>& command,
                           const std::function<bool()>& enter, int pipe) {
  std::vector<char*> arguments;
  for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  if (!enter()) give_up(pipe);
  // Only a child is in the PID namespace that was entered.
  const pid_t inner = fork();
  if (inner < 0) give_up(pipe);
  if (inner == 0) {
    std::signal(SIGPIPE, SIG_DFL);
    execvp(arguments.front(), arguments.data());
    give_up(pipe);
  }
  close(pipe);
  _exit(wait_for(inner));
}

}  // namespace

Result<int> run_command(const std::vector<std::string>& command,
                        const std::function<bool()>& enter) {
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC) < 0) return cannot_run("cannot make a pipe: " + errno_text(errno));
  const Fd reader(ends[0]);
  Fd writer(ends[1]);
  const pid_t pid = fork();
  if (pid < 0) return cannot_run("cannot fork: " + errno_text(errno));
  if (pid == 0) be_child(command, enter, writer.get());
  writer.reset();
  int error = 0;
  const auto count = read(reader.get(), &error, sizeof(error));
  const int status = wait_for(pid);
  if (count > 0) return cannot_run("cannot run " + command.front() + ": " + errno_text(error));
  return status;
}

}  // namespace sandproof
