// A control group for a throwaway to live in, of a name that nobody can guess.
#pragma once

#include <sys/types.h>

#include <filesystem>

#include "base/result.h"

namespace sandproof {

class ControlGroup {
 public:
  // Makes it below the root of the unified hierarchy, so that controllers can be had in it.
  static Result<ControlGroup> create();

  // Moves this process into it, or back to where it was.
  Result<void> enter() const;
  void leave() const;
  // Removes it with all that a systemd made below it. Nothing may run in it any more.
  void remove() const;

 private:
  std::filesystem::path path_;
  std::filesystem::path before_;
};

// Moves this process into the group of another; false with errno set. Both have to be below the
// root of this process's cgroup namespace: on a machine whose hierarchy is mounted with nsdelegate,
// as systemd does, the kernel says ENOENT otherwise (cgroup_attach_permissions() in its
// kernel/cgroup/cgroup.c).
bool join_group_of(pid_t pid);

}  // namespace sandproof
