// Removes files and folders, and runs what else has to be done, when this process ends, however it
// ends: a child that outlives it by a moment does it. For what has to be made on a machine that is
// not ours to throw away.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

#include "base/fd.h"
#include "base/result.h"

namespace sandproof {

class Janitor {
 public:
  static Result<Janitor> start();
  Janitor(Janitor&&) noexcept;
  Janitor& operator=(Janitor&&) = delete;
  // Cleans up, and waits until it is done.
  ~Janitor();

  // The last that was arranged is done first.
  //
  // Call it before the path is made; folders go with all that is in them.
  Result<void> will_remove(const std::filesystem::path& path);
  // By a shell.
  Result<void> will_run(const std::string& script);

 private:
  Result<void> arrange(const std::string& task, const std::string& what);

  Janitor(pid_t pid, Fd pipe) : pid_(pid), pipe_(std::move(pipe)) {}

  pid_t pid_ = -1;
  Fd pipe_;
};

}  // namespace sandproof
