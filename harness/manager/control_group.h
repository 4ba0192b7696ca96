// A control group for a throwaway to live in, of a name that nobody can guess.
#pragma once

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

}  // namespace sandproof
