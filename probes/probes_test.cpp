// The probe programs as they were built, run as a harness would run them: bare, as root and as
// nobody, and by the runner.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace fs = std::filesystem;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

constexpr uid_t nobody = 65534;

std::string binary(const std::string& name) {
  return std::string(SANDPROOF_BINARY_DIR "/probes/") + name;
}

// A seccomp filter: what to do with the listed calls, and with all others.
struct Filter {
  std::vector<unsigned> calls;
  std::uint32_t matched;
  std::uint32_t otherwise;
};

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

struct Options {
  std::vector<std::string> environment = {};
  std::optional<uid_t> user = {};
  std::optional<Filter> filter = {};
};

// A child with a socket for its standard input and a pipe for its standard output.
class Child {
 public:
  Child(const std::string& path, std::vector<std::string> args, const Options& options) {
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
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    end_input();
    if (!reaped_) wait();
    close(output_);
  }

  // Whether all of it went in before the child ended.
  bool write(const std::string& text) const {
    return send(input_, text.data(), text.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(text.size());
  }

  void end_input() {
    if (input_ >= 0) close(input_);
    input_ = -1;
  }

  // All output so far and up to and with `end`, or to the end.
  std::string read_until(const std::string& end) const {
    std::string text;
    char letter = 0;
    while (read(output_, &letter, 1) == 1) {
      text += letter;
      if (!end.empty() && text.ends_with(end)) break;
    }
    return text;
  }
  std::string read_all() const { return read_until(""); }

  // "exited 21" or "killed 31", as the runner says it.
  std::string wait() {
    int status = 0;
    EXPECT_EQ(waitpid(pid_, &status, 0), pid_);
    reaped_ = true;
    return WIFSIGNALED(status) ? "killed " + std::to_string(WTERMSIG(status))
                               : "exited " + std::to_string(WEXITSTATUS(status));
  }

  pid_t pid() const { return pid_; }

 private:
  static std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> all;
    all.reserve(texts.size() + 1);
    for (std::string& text : texts) all.push_back(text.data());
    all.push_back(nullptr);
    return all;
  }

  [[noreturn]] static void become(int program, int input, int output, std::optional<uid_t> user,
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

  pid_t pid_ = -1;
  int input_ = -1;
  int output_ = -1;
  bool reaped_ = false;
};

struct Ended {
  std::string output;
  std::string status;

  friend bool operator==(const Ended&, const Ended&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Ended& ended) {
    return out << '"' << ended.output << "\" and " << ended.status;
  }
};

Ended run(const std::string& name, const std::vector<std::string>& args,
          const Options& options = {}) {
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

// The names of all probes, from their sources.
std::vector<std::string> all_probes() {
  std::vector<std::string> names;
  for (const fs::directory_entry& family : fs::directory_iterator(SANDPROOF_SOURCE_DIR "/probes")) {
    if (!family.is_directory()) continue;
    if (family.path().filename() == "kit" || family.path().filename() == "runner") continue;
    for (const fs::directory_entry& file : fs::directory_iterator(family.path())) {
      if (file.path().extension() != ".cpp") continue;
      std::string name = file.path().stem().string();
      std::replace(name.begin(), name.end(), '_', '-');
      names.push_back(name);
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "sandproof-XXXXXX").string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    path_ = name;
    fs::permissions(path_, fs::perms(0755));
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  std::string str() const { return path_.string(); }

 private:
  fs::path path_;
};

TEST(Card, OfEveryProbeIsOneLineOfJsonThatNamesItsFile) {
  const std::vector<std::string> errno_lists = {"denied_with", "absent_with", "allowed_with"};
  for (const std::string& name : all_probes()) {
    SCOPED_TRACE(name);
    const Ended ended = run(name, {"--card"});
    EXPECT_EQ(ended.status, "exited 0");
    ASSERT_EQ(std::count(ended.output.begin(), ended.output.end(), '\n'), 1) << ended.output;
    const auto card = nlohmann::json::parse(ended.output, nullptr, false);
    ASSERT_TRUE(card.is_object()) << ended.output;
    EXPECT_EQ(card.value("id", ""), name);
    EXPECT_NE(card.value("attempts", ""), "");
    EXPECT_NE(card.value("harmless_because", ""), "");
    EXPECT_TRUE(card.contains("arguments"));
    for (const std::string& list : errno_lists) {
      ASSERT_TRUE(card.contains(list) && card[list].is_array()) << list;
      for (const auto& error : card[list]) {
        ASSERT_TRUE(error.is_string()) << error;
        EXPECT_THAT(error.get<std::string>(), StartsWith("E"));
      }
    }
    EXPECT_EQ(card.size(), 7u) << ended.output;
  }
}

TEST(Probe, TooManyArgumentsAreUsageAndNothingIsAttempted) {
  const std::vector<std::string> many(20, "x");
  for (const std::string& name : all_probes()) {
    SCOPED_TRACE(name);
    const auto card = nlohmann::json::parse(run(name, {"--card"}).output, nullptr, false);
    ASSERT_TRUE(card.is_object());
    if (card.value("arguments", "").find("...") != std::string::npos) continue;
    const Ended ended = run(name, many);
    EXPECT_THAT(ended.output, StartsWith("unable usage: " + name));
    EXPECT_EQ(ended.status, "exited 23");
  }
}

TEST(Probe, BareRootIsAllowed) {
  if (!is_root()) GTEST_SKIP() << "needs root";
  const TemporaryFolder folder;
  EXPECT_EQ(run("set-time", {}), allowed());
  EXPECT_EQ(run("fs-write", {folder.str()}), allowed());
  EXPECT_TRUE(fs::is_empty(folder.str()));
  EXPECT_EQ(run("fs-read", {"/etc/shadow"}), allowed());
  EXPECT_EQ(run("fs-read", {"/etc"}), allowed());
  EXPECT_EQ(run("fs-open-write", {"/etc/passwd"}), allowed());
  EXPECT_EQ(run("bind-port", {"81"}), allowed());
  EXPECT_EQ(run("bind-port", {"81", "udp"}), allowed());
  EXPECT_EQ(run("socket-family", {"AF_NETLINK"}), allowed());
  Child bystander(binary("bystander"), {}, {});
  bystander.read_until("ready\n");
  EXPECT_EQ(run("ptrace", {std::to_string(bystander.pid())}), allowed());
  // It was let go, and not stopped.
  bystander.end_input();
  EXPECT_EQ(bystander.wait(), "exited 0");
}

TEST(Probe, BareNobodyIsDeniedWhatBelongsToRoot) {
  if (!is_root()) GTEST_SKIP() << "needs root";
  const Options as_nobody{.user = nobody};
  EXPECT_EQ(run("set-time", {}, as_nobody), denied("EPERM"));
  EXPECT_EQ(run("fs-write", {"/etc"}, as_nobody), denied("EACCES"));
  EXPECT_EQ(run("fs-read", {"/etc/shadow"}, as_nobody), denied("EACCES"));
  EXPECT_EQ(run("fs-open-write", {"/etc/passwd"}, as_nobody), denied("EACCES"));
  EXPECT_EQ(run("bind-port", {"81"}, as_nobody), denied("EACCES"));
  EXPECT_EQ(run("bind-port", {"61999"}, as_nobody), allowed());
  EXPECT_EQ(run("socket-family", {"AF_PACKET"}, as_nobody), allowed());
  EXPECT_EQ(run("ptrace", {std::to_string(getpid())}, as_nobody), denied("EPERM"));
}

TEST(Probe, WhatIsNotThereIsAbsent) {
  const TemporaryFolder folder;
  EXPECT_EQ(run("fs-write", {folder / "none"}), absent("ENOENT"));
  EXPECT_EQ(run("fs-read", {folder / "none"}), absent("ENOENT"));
  EXPECT_EQ(run("fs-open-write", {folder / "none"}), absent("ENOENT"));
  EXPECT_EQ(run("ptrace", {"2147483647"}), absent("ESRCH"));
}

TEST(Probe, ReadingFindsAnEmptyFileOrDirectoryAbsent) {
  const TemporaryFolder folder;
  std::ofstream(folder / "file").close();
  fs::create_directory(folder / "directory");
  EXPECT_EQ(run("fs-read", {folder / "file"}), absent("ENODATA"));
  EXPECT_EQ(run("fs-read", {folder / "directory"}), absent("ENODATA"));
  fs::create_directory(folder / "directory" + "/" + std::string(255, 'x'));
  EXPECT_EQ(run("fs-read", {folder / "directory"}), allowed());
}

TEST(Probe, APortInUseIsAllowedSinceThatIsBehindTheGate) {
  Child bystander(binary("bystander"), {"tcp"}, {});
  std::istringstream says(bystander.read_until("ready\n"));
  std::string kind;
  std::string address;
  std::string port;
  ASSERT_TRUE(says >> kind >> address >> port);
  EXPECT_EQ(run("bind-port", {port}), allowed());
}

TEST(Probe, AnErrnoThatNoCardListsIsUnable) {
  EXPECT_EQ(run("set-time", {}, {.filter = fail_with(EL2HLT, SYS_settimeofday)}),
            (Ended{.output = "attempting\nunable errno EL2HLT\n", .status = "exited 23"}));
}

TEST(Probe, AStepBeforeTheAttemptThatFailsIsUnableAndNamed) {
  EXPECT_EQ(run("bind-port", {"61999"}, {.filter = fail_with(EMFILE, SYS_socket)}),
            (Ended{.output = "attempting\nunable socket: EMFILE\n", .status = "exited 23"}));
}

TEST(Probe, MakesNoSystemCallButWriteAndExitBesideItsAttempt) {
  const Options strict{.filter = allow_only({SYS_execveat, SYS_write, SYS_socket, SYS_exit_group})};
  EXPECT_EQ(run("socket-family", {"AF_UNIX"}, strict), allowed());
}

TEST(Probe, ADeathBySigsysComesAfterItSaysAttempting) {
  EXPECT_EQ(run("set-time", {}, {.filter = kill_on(SYS_settimeofday)}),
            (Ended{.output = "attempting\n", .status = "killed 31"}));
}

TEST(SocketFamily, EverySpellingOfAFamilyIsKnown) {
  for (const char* family : {"AF_UNIX", "AF_LOCAL", "AF_INET", "AF_NETLINK", "AF_XDP", "16"}) {
    EXPECT_EQ(run("socket-family", {family}), allowed()) << family;
  }
  EXPECT_THAT(run("socket-family", {"AF_NETLNIK"}).output, HasSubstr("unable usage: "));
}

// One attempt as the runner reads it.
std::string attempt(const std::vector<std::string>& words) {
  std::string fields;
  for (const std::string& word : words) fields.append(word).push_back('\0');
  return fields + '\0';
}

TEST(InUserNamespace, AnotherProbeIsItsRoot) {
  if (!is_root()) GTEST_SKIP() << "needs root";
  const Options as_nobody{.user = nobody};
  EXPECT_EQ(run("change-root", {}, as_nobody), denied("EPERM"));
  const Ended inside = run("in-user-namespace", {"user", "change-root"}, as_nobody);
  EXPECT_EQ(inside, (Ended{.output = "attempting\nattempting\nallowed\n", .status = "exited 21"}));
  // Which is nobody outside.
  EXPECT_EQ(run("in-user-namespace", {"user", "set-time"}, as_nobody).status, "exited 20");
  EXPECT_EQ(run("in-user-namespace", {"user", "no-such-probe"}).output,
            "attempting\nunable execve: ENOENT\n");
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

class Port {
 public:
  explicit Port(int family) : fd_(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;
  ~Port() { close(fd_); }
  bool connects(const void* address, std::size_t size) const {
    return connect(fd_, static_cast<const sockaddr*>(address), static_cast<socklen_t>(size)) == 0;
  }

 private:
  int fd_;
};

TEST(Bystander, MakesWhatItSaysAndTakesItAway) {
  const TemporaryFolder folder;
  const std::string name = "sandproof-test-" + std::to_string(getpid());
  const std::string file = folder / "file";
  Child bystander(binary("bystander"), {"tcp", "udp", "abstract", name, "shm", "file", file}, {});
  const std::string says = bystander.read_until("ready\n");
  std::istringstream words(says);
  std::string word;
  std::uint16_t tcp_port = 0;
  std::uint16_t udp_port = 0;
  int key = 0;
  int segment = -1;
  ASSERT_TRUE(words >> word >> word >> tcp_port >> word >> word >> udp_port);
  ASSERT_TRUE(words >> word >> word >> word >> key >> segment) << says;
  EXPECT_THAT(says, EndsWith("\nabstract " + name + "\nshm " + std::to_string(key) + " " +
                             std::to_string(segment) + "\nfile " + file + "\npid " +
                             std::to_string(bystander.pid()) + "\nready\n"));

  sockaddr_in inet{};
  inet.sin_family = AF_INET;
  inet.sin_port = htons(tcp_port);
  inet.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_TRUE(Port(AF_INET).connects(&inet, sizeof inet));
  EXPECT_NE(udp_port, 0);

  sockaddr_un local{};
  local.sun_family = AF_UNIX;
  std::memcpy(local.sun_path + 1, name.data(), name.size());
  EXPECT_TRUE(Port(AF_UNIX).connects(&local, offsetof(sockaddr_un, sun_path) + 1 + name.size()));

  EXPECT_EQ(shmget(key, 0, 0), segment);
  std::string content;
  EXPECT_TRUE(std::getline(std::ifstream(file), content));
  EXPECT_EQ(content, "sandproof");

  bystander.end_input();
  EXPECT_EQ(bystander.wait(), "exited 0");
  EXPECT_FALSE(fs::exists(file));
  EXPECT_EQ(shmget(key, 0, 0), -1);
}

TEST(Bystander, TakesAwayNothingThatWasThereBefore) {
  const TemporaryFolder folder;
  const std::string file = folder / "file";
  std::ofstream(file) << "precious";
  EXPECT_EQ(run("bystander", {"file", file}),
            (Ended{.output = "unable file: EEXIST\n", .status = "exited 1"}));
  EXPECT_TRUE(fs::exists(file));
}

}  // namespace
