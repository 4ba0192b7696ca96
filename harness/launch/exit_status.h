#pragma once

#include <string>

namespace sandproof::launch {

// "226/NAMESPACE" for the statuses with which systemd's own code gives up before the program runs
// (src/shared/exit-status.h in systemd's source); the plain number for any other.
std::string exit_status_name(int status);

}  // namespace sandproof::launch
