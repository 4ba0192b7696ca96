#include "manager/guard.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "base/names.h"
#include "manager/control_group.h"

namespace sandproof {

namespace {

constexpr int namespaces =
    CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWCGROUP;

// fork(2) into new namespaces. The harness has one thread, so nothing of the C library is in the
// middle of something in the child.
pid_t clone_into_namespaces() {
  return static_cast<pid_t>(
      syscall(SYS_clone, namespaces | SIGCHLD, nullptr, nullptr, nullptr, nullptr));
}

// Holds a child until the parent lets go: what both say on one socket then comes in order.
class Gate {
 public:
  Gate() {
    int ends[2] = {-1, -1};
    if (pipe2(ends, O_CLOEXEC) < 0) return;
    reader_ = Fd(ends[0]);
    writer_ = Fd(ends[1]);
  }

  void open() const {
    // A child that is gone is seen by who waits for it.
    static_cast<void>(!write(writer_.get(), "", 1));
  }
  // False where the parent died before it let go.
  bool wait() {
    writer_.reset();
    char byte = 0;
    ssize_t count = -1;
    do {
      count = read(reader_.get(), &byte, 1);
    } while (count < 0 && errno == EINTR);
    return count == 1;
  }

 private:
  Fd reader_;
  Fd writer_;
};

[[noreturn]] void be_first_process(const Guard::FirstProcess& first_process, int control,
                                   Gate& gate) {
  // The guard's death, too, must not leave a systemd behind.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (!gate.wait()) _exit(1);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  const Error error = first_process(control);
  send_control(control, "error " + error.message);
  _exit(1);
}

void wait_for(pid_t pid) {
  while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

// Until the harness lets go of the control socket, or the throwaway's PID 1 ends.
void wait_for_the_end(int control, pid_t first_pid) {
  const Fd first(static_cast<int>(syscall(SYS_pidfd_open, first_pid, 0)));
  pollfd ends[] = {{control, 0, 0}, {first.get(), POLLIN, 0}};
  while (poll(ends, 2, -1) < 0 && errno == EINTR) {
  }
}

[[noreturn]] void be_guard(const Guard::FirstProcess& first_process, Fd control) {
  // Out of reach of the terminal's Ctrl-C and of signals to the harness's process group.
  setsid();
  prctl(PR_SET_NAME, "sandproof-guard");
  const auto group = ControlGroup::create();
  if (!group) {
    send_control(control.get(), "error " + group.error().message);
    _exit(1);
  }
  // The group that a process is in becomes the root of its new cgroup namespace.
  const auto entered = group->enter();
  Gate gate;
  const pid_t first = entered ? clone_into_namespaces() : -1;
  const int error = errno;
  if (first == 0) be_first_process(first_process, control.get(), gate);
  group->leave();
  if (first > 0) {
    send_control(control.get(), "pid " + std::to_string(first));
    gate.open();
    wait_for_the_end(control.get(), first);
    kill(first, SIGKILL);
    wait_for(first);
  } else {
    send_control(control.get(), "error " + (entered ? "cannot make namespaces: " + errno_text(error)
                                                    : entered.error().message));
  }
  group->remove();
  _exit(0);
}

}  // namespace

Result<Guard> Guard::start(const FirstProcess& first_process) {
  auto pair = control_pair();
  if (!pair) return pair.error();
  const pid_t pid = fork();
  if (pid < 0) return cannot_run("cannot fork: " + errno_text(errno));
  if (pid == 0) {
    pair->first.reset();
    be_guard(first_process, std::move(pair->second));
  }
  pair->second.reset();
  Guard guard(pid, std::move(pair->first));
  const auto message = receive_control(guard.control());
  if (!message) return message.error();
  if (!message->text.starts_with("pid ")) {
    return cannot_run(message->text.starts_with("error ") ? message->text.substr(6)
                                                          : "the guard process ended");
  }
  guard.first_pid_ = static_cast<pid_t>(std::stol(message->text.substr(4)));
  return guard;
}

Guard::Guard(Guard&& other) noexcept
    : guard_(std::exchange(other.guard_, -1)),
      first_pid_(other.first_pid_),
      control_(std::move(other.control_)) {}

Guard::~Guard() {
  control_.reset();
  if (guard_ > 0) wait_for(guard_);
}

}  // namespace sandproof
