// The process that ends a throwaway when the harness does, however the harness dies.
//
//     harness ──(control socket)── guard ──(PDEATHSIG)── first process of the throwaway
//
// The guard holds one end of the control socket; when the other end closes, because the harness let
// go or because the kernel closed it for a harness that was killed, the guard kills the throwaway's
// PID 1, and with it everything in its PID namespace, and removes its control group.
#pragma once

#include <sys/types.h>

#include <functional>

#include "base/fd.h"
#include "base/result.h"
#include "manager/control.h"

namespace sandproof {

class Guard {
 public:
  // Runs in the first process of the new namespaces, with a control socket to the harness. It
  // becomes PID 1 by exec; it returns only where that failed, and says why.
  using FirstProcess = std::function<Error(int control)>;

  static Result<Guard> start(const FirstProcess& first_process);

  Guard(Guard&&) noexcept;
  Guard& operator=(Guard&&) = delete;
  // Ends the throwaway, and waits until nothing of it is left.
  ~Guard();

  // The throwaway's PID 1, as this process sees it.
  pid_t first_pid() const { return first_pid_; }
  int control() const { return control_.get(); }

 private:
  Guard(pid_t guard, Fd control) : guard_(guard), control_(std::move(control)) {}

  pid_t guard_ = -1;
  pid_t first_pid_ = -1;
  Fd control_;
};

}  // namespace sandproof
