#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"

namespace sandproof {

// Runs a command with this process's standard input and output, after `enter` in a child of its
// own; answers its exit status, or 128 and the signal that killed it. `enter` is false with errno
// set where it failed.
Result<int> run_command(const std::vector<std::string>& command,
                        const std::function<bool()>& enter);

}  // namespace sandproof
