// What a unit's processes asked of the kernel and were refused, from their first breath as children
// of the manager: ptrace(2) on the manager's PID 1, from outside of its namespaces.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "explain/walk.h"

namespace sandproof::explain {

// A call that the kernel refused.
struct RefusedCall {
  std::string name;    // "openat"
  std::string text;    // openat("/etc/stamp", O_WRONLY)
  std::string object;  // "/etc/stamp", "AF_NETLINK"
  int error = 0;
  bool of_program = false;  // of the unit's own program, and not of systemd's on its way there

  bool operator==(const RefusedCall&) const = default;
};

struct Trace {
  std::vector<RefusedCall> refused;  // in order; a repeated one once
  // The call that a process died of by SIGSYS.
  std::string fatal_call;
  std::string fatal_architecture;  // "i386" where it is not the machine's own
  // Where the paths of the unit's programs and its working directory ended, seen by a process that
  // systemd's own code gave up in.
  std::vector<std::vector<Walk>> programs;
  std::vector<Walk> folders;
};

// Which unit, and what to look for in its sandbox.
struct TraceOptions {
  std::string unit;
  std::vector<std::string> programs;
  std::vector<std::string> folders;
};

// Follows every process that the manager with this PID 1 starts, until that has ended; take() is
// for afterwards, or while nothing of the unit runs any more.
class Tracer {
 public:
  static Result<std::unique_ptr<Tracer>> start(pid_t first_pid, TraceOptions options);
  ~Tracer();
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;

  Trace take();

 private:
  class Thread;
  explicit Tracer(std::unique_ptr<Thread> thread);

  std::unique_ptr<Thread> thread_;
};

}  // namespace sandproof::explain
