#include "explain/trace.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <thread>

#include "base/names.h"
#include "explain/syscalls.h"

namespace sandproof::explain {

namespace {

constexpr std::size_t most_refused = 4096;
constexpr std::size_t longest_text = 4096;

// systemd's own exit statuses: src/shared/exit-status.h.
constexpr int first_own_status = 200;
constexpr int last_own_status = 246;

constexpr long trace_options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
                               PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT;

// ptrace(2)'s requests are an enumeration of the C library's, its arguments are what a request
// wants.
long control(long request, pid_t pid, std::uintptr_t address, std::uintptr_t data) {
  return ptrace(static_cast<__ptrace_request>(request), pid, reinterpret_cast<void*>(address),
                reinterpret_cast<void*>(data));
}

std::string proc(pid_t pid, const char* name) {
  return "/proc/" + std::to_string(pid) + "/" + name;
}

std::string read_all(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string link_of(const std::string& path) {
  std::error_code error;
  return std::filesystem::read_symlink(path, error).string();
}

std::string read_memory(pid_t pid, std::uint64_t address, std::size_t size) {
  std::string bytes(size, '\0');
  const iovec local{bytes.data(), bytes.size()};
  const iovec remote{reinterpret_cast<void*>(address), size};
  const auto count = process_vm_readv(pid, &local, 1, &remote, 1, 0);
  bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return bytes;
}

// Up to a NUL; a page at a time, since the next one may not be there.
std::string read_text(pid_t pid, std::uint64_t address) {
  constexpr std::uint64_t page = 4096;
  std::string text;
  while (text.size() < longest_text) {
    const auto size = static_cast<std::size_t>(page - address % page);
    const std::string part = read_memory(pid, address, size);
    const auto end = part.find('\0');
    text += part.substr(0, end);
    if (end != std::string::npos || part.size() < size) break;
    address += size;
  }
  return text.substr(0, longest_text);
}

CallMemory memory_of(pid_t pid) {
  return {
      [pid](std::uint64_t address) { return read_text(pid, address); },
      [pid](std::uint64_t address, std::size_t size) { return read_memory(pid, address, size); },
      [pid](int descriptor) {
        return link_of(descriptor == AT_FDCWD ? proc(pid, "cwd")
                                              : proc(pid, "fd/") + std::to_string(descriptor));
      }};
}

struct Call {
  std::uint32_t architecture = 0;
  std::uint64_t number = 0;
  std::array<std::uint64_t, 6> arguments{};
  bool is_entered = false;
};

struct Tracee {
  Call call;
  bool is_of_unit = false;
  bool is_program = false;
};

}  // namespace

class Tracer::Thread {
 public:
  Thread(pid_t first_pid, TraceOptions options)
      : first_pid_(first_pid), options_(std::move(options)) {
    thread_ = std::thread([this] { run(); });
  }

  ~Thread() { thread_.join(); }

  // An errno, or 0 where it follows.
  int wait_until_attached() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return is_attached_; });
    return error_;
  }

  Trace take() {
    const std::lock_guard lock(mutex_);
    return trace_;
  }

 private:
  void run() {
    // Only the thread that attached may ask for more.
    const long r = control(PTRACE_SEIZE, first_pid_, 0, trace_options);
    {
      const std::lock_guard lock(mutex_);
      error_ = r < 0 ? errno : 0;
      is_attached_ = true;
    }
    changed_.notify_all();
    if (r < 0) return;
    while (true) {
      int status = 0;
      const pid_t pid = waitpid(-1, &status, __WALL | __WNOTHREAD);
      if (pid < 0 && errno == EINTR) continue;
      if (pid < 0) return;
      handle(pid, status);
    }
  }

  void handle(pid_t pid, int status) {
    if (WIFSIGNALED(status) || WIFEXITED(status)) {
      tracees_.erase(pid);
      return;
    }
    const int signal = WSTOPSIG(status);
    const int event = status >> 16;
    if (pid == first_pid_) {
      resume(PTRACE_CONT, pid, event != 0 ? 0 : signal);
      return;
    }
    // A child may be seen before its parent's fork is: what it runs tells whose it is.
    const auto [found, is_new] = tracees_.try_emplace(pid);
    Tracee& tracee = found->second;
    if (is_new) note_program(pid, tracee);
    if (signal == (SIGTRAP | 0x80)) {
      note_call(pid, tracee);
      resume(PTRACE_SYSCALL, pid, 0);
    } else if (event == PTRACE_EVENT_STOP && signal != SIGTRAP) {
      // A stop of the whole process that has to last: ptrace(2), "Group-stop".
      resume(PTRACE_LISTEN, pid, 0);
    } else if (event != 0) {
      if (event == PTRACE_EVENT_EXEC) note_program(pid, tracee);
      if (event == PTRACE_EVENT_EXIT) note_exit(pid, tracee);
      resume(PTRACE_SYSCALL, pid, 0);
    } else {
      resume(PTRACE_SYSCALL, pid, signal);
    }
  }

  static void resume(long request, pid_t pid, int signal) {
    control(request, pid, 0, static_cast<std::uintptr_t>(signal));
  }

  bool is_of_unit(pid_t pid, Tracee& tracee) const {
    if (!tracee.is_of_unit) {
      tracee.is_of_unit =
          read_all(proc(pid, "cgroup")).find("/" + options_.unit) != std::string::npos;
    }
    return tracee.is_of_unit;
  }

  void note_call(pid_t pid, Tracee& tracee) {
    __ptrace_syscall_info info{};
    if (control(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info),
                reinterpret_cast<std::uintptr_t>(&info)) < 0) {
      return;
    }
    if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
      tracee.call = {info.arch, info.entry.nr, {}, true};
      std::copy(std::begin(info.entry.args), std::end(info.entry.args),
                tracee.call.arguments.begin());
      return;
    }
    if (info.op != PTRACE_SYSCALL_INFO_EXIT || !tracee.call.is_entered) return;
    tracee.call.is_entered = false;
    const auto error = -info.exit.rval;
    // The kernel's errors are below this; from 512 on they are its own, and the call goes on.
    if (info.exit.is_error == 0 || error <= 0 || error >= 512) return;
    note_refused(pid, tracee, static_cast<int>(error));
  }

  void note_refused(pid_t pid, Tracee& tracee, int error) {
    if (error == EAGAIN || error == EINTR || error == EINPROGRESS || error == ECHILD) return;
    if (!is_of_unit(pid, tracee)) return;
    const std::string name = syscall_name(tracee.call.architecture, tracee.call.number);
    auto decoded = decode_call(name, tracee.call.arguments, memory_of(pid));
    const RefusedCall call{name, std::move(decoded.text), std::move(decoded.object), error,
                           tracee.is_program};
    const std::lock_guard lock(mutex_);
    auto& list = trace_.refused;
    if (list.size() < most_refused && std::find(list.begin(), list.end(), call) == list.end()) {
      list.push_back(call);
    }
  }

  // From 255 on systemd executes a helper of its own first.
  static void note_program(pid_t pid, Tracee& tracee) {
    tracee.call.is_entered = false;
    const auto program = std::filesystem::path(link_of(proc(pid, "exe"))).filename();
    tracee.is_program = program != "systemd-executor" && program != "systemd";
  }

  // The process has given up and still is where it was, with everything that was set up for it.
  void note_exit(pid_t pid, Tracee& tracee) {
    unsigned long message = 0;
    if (control(PTRACE_GETEVENTMSG, pid, 0, reinterpret_cast<std::uintptr_t>(&message)) < 0) return;
    const int status = static_cast<int>(message);
    if (!is_of_unit(pid, tracee)) return;
    // Of several threads, the one that made the call is the first to go.
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS) note_fatal(tracee);
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    if (tracee.is_program || code < first_own_status || code > last_own_status) return;
    const Sandbox sandbox{proc(pid, "root"), read_all(proc(pid, "mountinfo")),
                          parse_walker(read_all(proc(pid, "status")))};
    const std::lock_guard lock(mutex_);
    trace_.programs.clear();
    trace_.folders.clear();
    for (const auto& path : options_.programs) {
      trace_.programs.push_back(walk_to_program(sandbox, path));
    }
    for (const auto& path : options_.folders) {
      trace_.folders.push_back(walk_to_folder(sandbox, path));
    }
  }

  void note_fatal(const Tracee& tracee) {
    const std::lock_guard lock(mutex_);
    if (!trace_.fatal_call.empty()) return;
    trace_.fatal_call = syscall_name(tracee.call.architecture, tracee.call.number);
#ifdef __x86_64__
    if (tracee.call.architecture == AUDIT_ARCH_I386) trace_.fatal_architecture = "i386";
#endif
  }

  pid_t first_pid_;
  TraceOptions options_;
  std::map<pid_t, Tracee> tracees_;  // the thread's own
  std::mutex mutex_;
  std::condition_variable changed_;
  Trace trace_;
  int error_ = 0;
  bool is_attached_ = false;
  std::thread thread_;
};

Tracer::Tracer(std::unique_ptr<Thread> thread) : thread_(std::move(thread)) {}
Tracer::~Tracer() = default;

Result<std::unique_ptr<Tracer>> Tracer::start(pid_t first_pid, TraceOptions options) {
  std::unique_ptr<Tracer> tracer(
      new Tracer(std::make_unique<Thread>(first_pid, std::move(options))));
  if (const int error = tracer->thread_->wait_until_attached(); error != 0) {
    return cannot_run("cannot follow the manager's processes: " + errno_text(error));
  }
  return tracer;
}

Trace Tracer::take() { return thread_->take(); }

}  // namespace sandproof::explain
