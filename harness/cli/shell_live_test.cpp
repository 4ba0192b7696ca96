// sandproof shell, as a person or a script calls it.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "base/fd.h"
#include "testing/folder.h"
#include "testing/ran.h"
#include "testing/throwaway.h"

namespace sandproof {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing_support::Ran;

const std::string program = std::string(SANDPROOF_BINARY_DIR) + "/sandproof";

constexpr auto strict =
    "[Service]\nExecStart=/bin/true\nUser=nobody\nProtectSystem=strict\nPrivateTmp=yes\n"
    "WorkingDirectory=/var\nStateDirectory=shell-test\nEnvironment=COLOUR=green\n";

class Shell : public testing_support::InFolder {
 protected:
  std::string unit(const std::string& content) const { return file("x.service", content); }

  static Ran shell(const std::string& unit, const std::vector<std::string>& command = {}) {
    std::vector<std::string> arguments = {"shell", "--manager", "throwaway", unit};
    if (!command.empty()) arguments.push_back("--");
    arguments.insert(arguments.end(), command.begin(), command.end());
    return testing_support::run(program, arguments);
  }
};

TEST_F(Shell, ACommandSeesWhatTheServiceSees) {
  const auto ran = shell(unit(strict), {"sh", "-c",
                                        "id -un; pwd; echo $COLOUR; touch /etc/x || "
                                        "touch /var/lib/shell-test/x && echo made"});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_EQ(ran.out, "nobody\n/var\ngreen\nmade\n");
  EXPECT_THAT(ran.err, HasSubstr("Read-only file system"));
}

TEST_F(Shell, ItsWordsAreOursAndSoIsItsExitStatus) {
  EXPECT_EQ(shell(unit(strict), {"sh", "-c", "exit 42"}).status, 42);
  EXPECT_EQ(shell(unit(strict), {"sh", "-c", "kill -USR1 $$"}).status, 128 + SIGUSR1);
  // What systemd would put something else in place of stays as it was given.
  EXPECT_EQ(shell(unit(strict), {"echo", "$COLOUR", "${COLOUR}", "$$", "%n"}).out,
            "$COLOUR ${COLOUR} $$ %n\n");
  // The very status with which systemd says that it could not execute something, of a command that
  // lives long enough to be seen.
  const auto ran = shell(unit(strict), {"sh", "-c", "sleep 0.5; exit 203"});
  EXPECT_EQ(ran.status, 203);
  EXPECT_EQ(ran.err, "");
}

TEST_F(Shell, ASandboxThatLetsNoShellStartIsAFinding) {
  const auto ran = shell(unit("[Service]\nExecStart=/bin/true\nInaccessiblePaths=/usr/bin /bin\n"),
                         {"/bin/bash"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.err, HasSubstr("the sandbox of x.service does not let /bin/bash start: exit "
                                 "status 203/EXEC"));
}

TEST_F(Shell, WhereNothingCanBeExecutedAShellIsStaged) {
  const auto path = unit("[Service]\nExecStart=/bin/true\nNoExecPaths=/\n");
  const auto command = shell(path, {"sh", "-c", "id -u"});
  EXPECT_EQ(command.status, 1);
  EXPECT_THAT(command.err, HasSubstr("203/EXEC"));

  const auto typed = testing_support::run(
      "/bin/sh", {"-c", "echo 'id -u; cat /etc/hostname >/dev/null && echo seen; exit 7' | " +
                            program + " shell --manager throwaway " + path});
  EXPECT_EQ(typed.status, 7) << typed.err;
  EXPECT_EQ(typed.out, "0\nseen\n");
  EXPECT_THAT(typed.err,
              AllOf(HasSubstr("/busybox, with ExecPaths=/"), Not(HasSubstr(" in the unit and "))));
}

TEST_F(Shell, ASandboxThatKillsTheShellIsAFinding) {
  const auto killed = shell(unit("[Service]\nExecStart=/bin/true\nSystemCallFilter=~openat\n"));
  EXPECT_EQ(killed.status, 1);
  EXPECT_THAT(killed.err, HasSubstr("SIGSYS"));
}

TEST_F(Shell, BadInputIsOneSentence) {
  const auto missing = shell((folder_ / "missing.service").string());
  EXPECT_EQ(missing.status, 2);
  EXPECT_THAT(missing.err, HasSubstr("there is no file"));
  const auto unknown = shell(unit(strict), {"no-such-program"});
  EXPECT_EQ(unknown.status, 2);
  EXPECT_THAT(unknown.err, HasSubstr("there is no program no-such-program for x.service"));
}

// The program on a terminal of its own, as a person has it.
class OnATerminal {
 public:
  explicit OnATerminal(const std::vector<std::string>& arguments) {
    winsize size{24, 80, 0, 0};
    int master = -1;
    pid_ = forkpty(&master, nullptr, nullptr, &size);
    if (pid_ == 0) {
      std::vector<char*> words = {const_cast<char*>(program.c_str())};
      for (const auto& word : arguments) words.push_back(const_cast<char*>(word.c_str()));
      words.push_back(nullptr);
      execv(program.c_str(), words.data());
      _exit(127);
    }
    master_ = Fd(master);
  }

  void type(const std::string& text) const {
    EXPECT_EQ(write(master_.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }

  void resize(unsigned short rows, unsigned short columns) const {
    const winsize size{rows, columns, 0, 0};
    ioctl(master_.get(), TIOCSWINSZ, &size);
  }

  // All that is said up to that text, once more.
  std::string read_until(const std::string& text) {
    const auto start = seen_.size();
    std::array<char, 4096> buffer{};
    pollfd ready{master_.get(), POLLIN, 0};
    constexpr int limit = 30'000;
    while (seen_.find(text, start) == std::string::npos && poll(&ready, 1, limit) > 0) {
      const auto count = read(master_.get(), buffer.data(), buffer.size());
      if (count <= 0) break;
      seen_.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return seen_.substr(start);
  }

  int wait() {
    if (master_) read_until("this is never said");
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }

  const std::string& seen() const { return seen_; }
  void hang_up() { master_.reset(); }
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
  Fd master_;
  std::string seen_;
};

TEST_F(Shell, APersonHasAShellOnATerminalThatGrows) {
  OnATerminal terminal({"shell", "--manager", "throwaway", unit(strict), "--", "/bin/sh", "-i"});
  terminal.read_until("$ ");
  terminal.type("tty; stty size; id -un\n");
  EXPECT_THAT(terminal.read_until("nobody\r\n"), AllOf(HasSubstr("/dev/pts/"), HasSubstr("24 80")));
  terminal.resize(40, 132);
  terminal.type("stty size\n");
  EXPECT_THAT(terminal.read_until("40 132"), HasSubstr("40 132"));
  // Ctrl-C is the command's that runs there, and the shell lives on. The command says itself that
  // it runs: between a word of the shell's and its next command a Ctrl-C is the shell's.
  terminal.type("sh -c 'echo sleeping; exec sleep 1000'\n");
  terminal.read_until("sleeping\r\n");
  terminal.type("\x03");
  terminal.read_until("$ ");
  terminal.type("exit 42\n");
  EXPECT_EQ(terminal.wait(), 42) << terminal.seen();
}

TEST_F(Shell, AStrictDevicePolicyIsNoneOfTheTerminals) {
  OnATerminal terminal({"shell", "--manager", "throwaway",
                        unit("[Service]\nExecStart=/bin/true\nDevicePolicy=strict\n"), "--", "sh",
                        "-c", "tty; cat /dev/full || exit 7"});
  EXPECT_EQ(terminal.wait(), 7) << terminal.seen();
  EXPECT_THAT(terminal.seen(),
              AllOf(HasSubstr("/dev/pts/"), HasSubstr("DeviceAllow=char-pts rw is added")));
}

TEST_F(Shell, WhatItSaysLastIsSeen) {
  OnATerminal terminal(
      {"shell", "--manager", "throwaway", unit(strict), "--", "sh", "-c", "seq 20000; echo end"});
  EXPECT_EQ(terminal.wait(), 0);
  EXPECT_THAT(terminal.seen(), AllOf(HasSubstr("\r\n20000\r\nend\r\n")));
}

TEST_F(Shell, ItEndsWhenTheTerminalIsGone) {
  OnATerminal terminal({"shell", "--manager", "throwaway", unit(strict), "--", "/bin/sh", "-i"});
  terminal.read_until("$ ");
  terminal.hang_up();
  EXPECT_NE(terminal.wait(), 0);
}

// On a manager that is there to stay: a throwaway, with the program run inside of it as on a host.
class ShellOfAHost : public testing_support::OnThrowaway {
 protected:
  static int run(const std::string& script) {
    // The build tree may lie where a throwaway has a file system of its own, such as /tmp.
    const auto machine = RootedFs::open("/");
    const std::string copy = "/opt/sandproof-shell-test";
    if (!manager().files().exists(copy)) {
      EXPECT_TRUE(manager().files().write_new(copy, *machine->read(program), 0755));
      EXPECT_TRUE(manager().files().write_new("/opt/x.service", strict_of_a_host, 0644));
    }
    const auto status = manager().run_inside(
        {"/bin/bash", "-c", "shell=(" + copy + " shell --manager host /opt/x.service)\n" + script});
    return status ? *status : -1;
  }

  static constexpr auto strict_of_a_host =
      "[Service]\nExecStart=/bin/true\nUser=nobody\nProtectSystem=strict\nPrivateTmp=yes\n";
};

TEST_F(ShellOfAHost, LeavesNoUnitBehind) {
  EXPECT_EQ(run(R"sh([[ $("${shell[@]}" -- id -un) == nobody ]] &&
                     [[ -z $(systemctl list-units --all --no-legend 'sandproof-*') ]])sh"),
            0);
}

TEST_F(ShellOfAHost, IsGoneWithTheHarnessHoweverThatDies) {
  // The command tells that it runs; its end is that of the pipe, which the last who runs closes.
  const std::string kill_it = R"sh(
      exec {pipe}< <(exec "${shell[@]}" -- \
          sh -c 'trap "" HUP TERM INT; echo started; sleep 1000 & sleep 1001')
      read -r -u $pipe line
      [[ $line == started ]] || exit 7
      kill -SIGNAL $!
      cat <&$pipe >/dev/null)sh";
  for (const char* signal : {"KILL", "TERM", "HUP"}) {
    std::string script = kill_it;
    script.replace(script.find("SIGNAL"), 6, signal);
    EXPECT_EQ(run(script), 0) << signal;
  }
}

}  // namespace
}  // namespace sandproof
