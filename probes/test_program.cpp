#include "test_program.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstddef>

namespace sandproof::probe_test {

namespace {

std::vector<sock_filter> program_of(const Filter& filter) {
  std::vector<sock_filter> program;
  program.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)));
  for (const unsigned call : filter.calls) {
    program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1));
    program.push_back(BPF_STMT(BPF_RET | BPF_K, filter.matched));
  }
  program.push_back(BPF_STMT(BPF_RET | BPF_K, filter.otherwise));
  return program;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

[[noreturn]] void become(int program, int input, int output, std::optional<uid_t> user,
                         std::vector<sock_filter>& filter, const std::vector<char*>& argv,
                         const std::vector<char*>& envp) {
  bool ready = dup2(input, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0;
  if (user) {
    ready = ready && syscall(SYS_setgroups, 0, nullptr) == 0 && syscall(SYS_setgid, *user) == 0 &&
            syscall(SYS_setuid, *user) == 0;
  }
  if (!filter.empty()) {
    sock_fprog bpf{.len = static_cast<unsigned short>(filter.size()), .filter = filter.data()};
    ready = ready && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
            prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &bpf) == 0;
  }
  if (ready) syscall(SYS_execveat, program, "", argv.data(), envp.data(), AT_EMPTY_PATH);
  _exit(127);
}

}  // namespace

std::string binary(const std::string& name) {
  return std::string(SANDPROOF_BINARY_DIR "/probes/") + name;
}

Filter allow_only(std::vector<unsigned> calls) {
  return {.calls = std::move(calls),
          .matched = SECCOMP_RET_ALLOW,
          .otherwise = SECCOMP_RET_KILL_PROCESS};
}

Filter kill_on(unsigned call) {
  return {.calls = {call}, .matched = SECCOMP_RET_KILL_PROCESS, .otherwise = SECCOMP_RET_ALLOW};
}

Filter fail_with(std::uint16_t error, unsigned call) {
  return {.calls = {call},
          .matched = SECCOMP_RET_ERRNO | std::uint32_t{error},
          .otherwise = SECCOMP_RET_ALLOW};
}

Child::Child(const std::string& path, std::vector<std::string> args, const Options& options) {
  args.insert(args.begin(), path);
  std::vector<std::string> environment = options.environment;
  std::vector<char*> argv = pointers(args);
  std::vector<char*> envp = pointers(environment);
  std::vector<sock_filter> filter;
  if (options.filter) filter = program_of(*options.filter);

  // The build folder may be closed to nobody; an open file is not.
  const int program = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  EXPECT_GE(program, 0) << path;
  std::array<int, 2> input{};
  std::array<int, 2> output{};
  EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, input.data()), 0);
  EXPECT_EQ(pipe2(output.data(), O_CLOEXEC), 0);

  pid_ = fork();
  if (pid_ == 0) become(program, input[0], output[1], options.user, filter, argv, envp);
  close(program);
  close(input[0]);
  close(output[1]);
  input_ = input[1];
  output_ = output[0];
}

Child::~Child() {
  end_input();
  if (!reaped_) wait();
  close(output_);
}

bool Child::write(const std::string& text) const {
  return send(input_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
}

void Child::end_input() {
  if (input_ >= 0) close(input_);
  input_ = -1;
}

std::string Child::read_until(const std::string& end) const {
  std::string text;
  char letter = 0;
  while (read(output_, &letter, 1) == 1) {
    text += letter;
    if (!end.empty() && text.ends_with(end)) break;
  }
  return text;
}

std::string Child::wait() {
  int status = 0;
  EXPECT_EQ(waitpid(pid_, &status, 0), pid_);
  reaped_ = true;
  return WIFSIGNALED(status) ? "killed " + std::to_string(WTERMSIG(status))
                             : "exited " + std::to_string(WEXITSTATUS(status));
}

Ended run(const std::string& name, const std::vector<std::string>& args, const Options& options) {
  Child child(binary(name), args, options);
  child.end_input();
  std::string output = child.read_all();
  return {.output = std::move(output), .status = child.wait()};
}

Ended allowed() { return {.output = "attempting\nallowed\n", .status = "exited 21"}; }

Ended denied(const std::string& error) {
  return {.output = "attempting\ndenied " + error + "\n", .status = "exited 20"};
}

Ended absent(const std::string& error) {
  return {.output = "attempting\nabsent " + error + "\n", .status = "exited 22"};
}

bool is_root() { return geteuid() == 0; }

}  // namespace sandproof::probe_test
