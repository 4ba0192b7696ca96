// The ways into another process' memory, all with the permission that ptrace(2) takes.
#pragma once

#include <string>

#include "guarantee/expect.h"

namespace sandproof::guarantee {

// Nothing where there is no such process.
inline void add_memory_doors(Promise& promise, int pid) {
  if (pid == 0) return;
  const std::string number = std::to_string(pid);
  const auto add = [&promise, &number](const std::string& name, const std::string& way,
                                       const std::string& shut_by) {
    promise.attempts.push_back(
        side_door(name, {"process-memory", {way, number}},
                  {denied(EPERM), denied(EACCES), absent(ENOENT), absent(ESRCH)}, shut_by));
  };
  // In a user namespace of its own, the unit has no permission over anything outside of it.
  add("/proc/PID/mem", "mem", "PrivateUsers=yes");
  add("process_vm_readv", "readv", "SystemCallFilter=~process_vm_readv");
  add("process_vm_writev", "writev", "SystemCallFilter=~process_vm_writev");
}

}  // namespace sandproof::guarantee
