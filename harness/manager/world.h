// The file systems that a throwaway systemd sees: a copy of a root, over which everything that is
// written goes to memory and is thrown away with the namespaces.
#pragma once

#include "base/fd.h"
#include "base/result.h"

namespace sandproof {

// In a new mount, UTS, IPC, network and cgroup namespace, as the first process of a PID namespace:
// makes the copy, changes into it, and readies it for systemd. `root` is the root to be copied.
Result<void> make_world(const std::string& root);

// Where in the world PID 1 says that it is ready: sd_notify(3).
inline constexpr const char* notify_path = "/run/sandproof-notify";
inline constexpr const char* boot_target = "sandproof.target";

}  // namespace sandproof
