#include "launch/session.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <limits>

#include "base/names.h"
#include "base/random.h"
#include "launch/clone.h"
#include "launch/exit_status.h"
#include "launch/terminal.h"

namespace sandproof::launch {

namespace {

constexpr auto no_limit = std::chrono::hours(24 * 365);
// systemd's word for no time-out: USEC_INFINITY.
constexpr std::uint64_t forever = std::numeric_limits<std::uint64_t>::max();

// Signals to this process, taken one by one while this lives.
class Signals {
 public:
  Signals() {
    sigemptyset(&taken_);
    for (const int number : {SIGWINCH, SIGINT, SIGTERM, SIGHUP, SIGQUIT})
      sigaddset(&taken_, number);
    sigprocmask(SIG_BLOCK, &taken_, &before_);
    fd_ = Fd(signalfd(-1, &taken_, SFD_CLOEXEC | SFD_NONBLOCK));
  }
  ~Signals() { sigprocmask(SIG_SETMASK, &before_, nullptr); }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  int fd() const { return fd_.get(); }
  int next() const {
    signalfd_siginfo info{};
    return read(fd_.get(), &info, sizeof(info)) == sizeof(info) ? static_cast<int>(info.ssi_signo)
                                                                : 0;
  }

 private:
  sigset_t taken_{};
  sigset_t before_{};
  Fd fd_;
};

// A process that kills the unit when this one dies. A throwaway needs none: it dies with this
// process.
class LastWill {
 public:
  explicit LastWill(const std::string& unit) {
    int ends[2] = {-1, -1};
    if (pipe2(ends, O_CLOEXEC) < 0) return;
    const Fd reader(ends[0]);
    pipe_ = Fd(ends[1]);
    pid_ = fork();
    if (pid_ == 0) be_executor(unit, reader.get());
  }
  ~LastWill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  LastWill(const LastWill&) = delete;
  LastWill& operator=(const LastWill&) = delete;

 private:
  [[noreturn]] void be_executor(const std::string& unit, int pipe) {
    // Out of reach of the terminal's Ctrl-C and of signals to the process group.
    setsid();
    prctl(PR_SET_NAME, "sandproof-will");
    pipe_.reset();
    const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int standard = 0; standard <= 2; ++standard) dup2(null, standard);
    char byte = 0;
    while (read(pipe, &byte, 1) < 0 && errno == EINTR) {
    }
    execlp("systemctl", "systemctl", "kill", "--signal=KILL", unit.c_str(), nullptr);
    _exit(1);
  }

  Fd pipe_;
  pid_t pid_ = -1;
};

class Session {
 public:
  Session(Manager& manager, const Settings& settings, const std::vector<bus::Property>& additions)
      : manager_(manager),
        settings_(settings),
        additions_(additions),
        options_{false, manager.is_disposable() ? Directories::own : Directories::writable} {}

  Result<SessionEnd> run(const std::vector<std::string>& command) {
    auto properties = sandboxed_properties(settings_, options_);
    properties.insert(properties.end(), additions_.begin(), additions_.end());
    add_working_directory(properties);
    if (auto added = add_streams(properties); !added) return added.error();
    // Told apart by systemd: that it could not be executed, and how it ended.
    properties.push_back({"Type", Value::text("exec")});
    properties.push_back({"CollectMode", Value::text("inactive-or-failed")});
    properties.push_back({"TimeoutStartUSec", Value::unsigned_64(forever)});
    // What the command leaves behind goes at once.
    properties.push_back({"KillSignal", Value{"i", std::int64_t{SIGKILL}}});
    properties.push_back(exec_start(command));
    return start_and_wait(properties);
  }

 private:
  void add_working_directory(std::vector<bus::Property>& properties) const {
    std::string folder = settings_.text("WorkingDirectory");
    if (folder.empty()) return;
    // What may be absent reads "!…" and is set as "-…".
    if (folder.starts_with('!')) folder.front() = '-';
    properties.push_back({"WorkingDirectory", Value::text(folder)});
  }

  Result<void> add_streams(std::vector<bus::Property>& properties) {
    if (isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0) {
      auto terminal = Terminal::open(manager_);
      if (!terminal) return terminal.error();
      terminal_.emplace(*std::move(terminal));
      for (auto& property : terminal_->properties()) properties.push_back(std::move(property));
      allow_terminal(properties);
      return terminal_->connect(manager_.loop());
    }
    properties.push_back({"StandardInputFileDescriptor", Value::descriptor(STDIN_FILENO)});
    properties.push_back({"StandardOutputFileDescriptor", Value::descriptor(STDOUT_FILENO)});
    properties.push_back({"StandardErrorFileDescriptor", Value::descriptor(STDERR_FILENO)});
    return {};
  }

  // DevicePolicy=strict keeps a unit from every terminal that it does not name; the other policies
  // do not: systemd.resource-control(5).
  void allow_terminal(std::vector<bus::Property>& properties) {
    if (settings_.text("DevicePolicy") != "strict") return;
    const Value terminals{"(ss)", std::vector<Value>{Value::text("char-pts"), Value::text("rw")}};
    properties.push_back({"DeviceAllow", {"a(ss)", std::vector<Value>{terminals}}});
    end_.remarks.push_back("DeviceAllow=char-pts rw is added, for the terminal");
  }

  Result<SessionEnd> start_and_wait(const std::vector<bus::Property>& properties) {
    const std::string name = "sandproof-" + random_name() + ".service";
    std::optional<LastWill> will;
    if (!manager_.is_disposable()) will.emplace(name);
    auto signalled = manager_.loop().on_readable(signals_.fd(), [&] { take_signals(name); });
    if (!signalled) return signalled.error();
    auto& bus = manager_.bus();
    bus.on_change([&](const std::string& path, const Properties& changed) {
      if (path == bus::Connection::unit_path(name)) take_change(changed);
    });
    bus.on_job_end([&](const std::string& unit, const std::string& result) {
      if (unit == name) take_start(name, result);
    });
    const auto refused = start_transient_unit(manager_, name, properties);
    const auto ended = refused ? wait_for_end() : Result<void>(refused.error());
    bus.on_change({});
    bus.on_job_end({});
    if (!ended) return ended.error();
    for (const auto& property : *refused) {
      end_.remarks.push_back("systemd refuses a transient unit's " + property);
    }
    return std::move(end_);
  }

  Result<void> wait_for_end() {
    const auto ended = manager_.loop().run_until(
        [this] { return is_over() || !manager_.bus().is_open(); }, no_limit);
    if (!ended) return ended.error();
    if (!manager_.bus().is_open()) return cannot_run("systemd ended before the command");
    if (terminal_) terminal_->drain();
    return {};
  }

  void take_signals(const std::string& name) {
    for (int number = signals_.next(); number != 0; number = signals_.next()) {
      if (number == SIGWINCH) {
        if (terminal_) terminal_->take_window_size();
        continue;
      }
      end_.interrupted_by = number;
      manager_.kill_unit(name);
    }
  }

  // Up to 252, systemd may hear of the end of a short command before it hears that it was executed
  // (the priorities of its event sources): the start has failed then, and only what it ended with
  // tells that it ran.
  static bool has_run(const Ending& ending) {
    const bool is_systemds_own = exit_status_name(ending.status).find('/') != std::string::npos;
    return ending.code != 0 && !(ending.code == CLD_EXITED && is_systemds_own);
  }

  void take_start(const std::string& name, const std::string& result) {
    if (start_is_over_) return;
    start_is_over_ = true;
    end_.has_started = result == "done" || has_run(end_.ending);
    if (end_.has_started && !unit_is_over_) compare(name);
  }

  void take_change(const Properties& changed) {
    add_to(end_.ending, changed);
    const auto state = changed.find("ActiveState");
    if (state == changed.end()) return;
    const std::string is = to_string(state->second);
    unit_is_over_ = is == "inactive" || is == "failed";
  }

  bool is_over() const { return start_is_over_ && (unit_is_over_ || !end_.has_started); }

  void compare(const std::string& name) {
    const auto clone = manager_.service_properties(name);
    // A command that has ended already has taken its unit with it.
    if (!clone || to_string(clone->at("MainPID")) == "0") return;
    std::vector<std::string> known = {"DeviceAllow", "Environment"};
    for (const auto& addition : additions_) known.push_back(addition.name);
    for (const auto& [property, original, copy] : differences(settings_, *clone, options_, known)) {
      end_.remarks.push_back(property + " is " + original + " in the unit and " + copy + " here");
    }
  }

  Manager& manager_;
  const Settings& settings_;
  const std::vector<bus::Property>& additions_;
  CloneOptions options_;
  // Before the terminal, which must not stay as it is made for the command.
  Signals signals_;
  std::optional<Terminal> terminal_;
  SessionEnd end_;
  bool start_is_over_ = false;
  bool unit_is_over_ = false;
};

}  // namespace

Result<SessionEnd> run_session(Manager& manager, const Settings& settings,
                               const std::vector<std::string>& command,
                               const std::vector<bus::Property>& additions) {
  return Session(manager, settings, additions).run(command);
}

}  // namespace sandproof::launch
