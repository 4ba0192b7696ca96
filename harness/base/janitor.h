// Removes files and folders when this process ends, however it ends: a child that outlives it by a
// moment does it. For what has to be made on a machine that is not ours to throw away.
#pragma once

#include <sys/types.h>

#include <filesystem>

#include "base/fd.h"
#include "base/result.h"

namespace sandproof {

class Janitor {
 public:
  static Result<Janitor> start();
  Janitor(Janitor&&) noexcept;
  Janitor& operator=(Janitor&&) = delete;
  // Removes, and waits until it is done.
  ~Janitor();

  // Call it before the path is made; folders go with all that is in them, the last one first.
  Result<void> will_remove(const std::filesystem::path& path);

 private:
  Janitor(pid_t pid, Fd pipe) : pid_(pid), pipe_(std::move(pipe)) {}

  pid_t pid_ = -1;
  Fd pipe_;
};

}  // namespace sandproof
