// One command in a clone of a unit, with this process's terminal or standard streams as its own.
#pragma once

#include <string>
#include <vector>

#include "launch/transient_unit.h"
#include "model/settings.h"

namespace sandproof::launch {

struct SessionEnd {
  // False where the sandbox did not let it be started; `ending` says with what.
  bool has_started = false;
  Ending ending;
  // A signal that ended this process's part, such as SIGTERM; 0 where the command ended by itself.
  int interrupted_by = 0;
  // What the clone has otherwise than the unit, and what systemd refused: for people.
  std::vector<std::string> remarks;
};

// A terminal where standard input and output are one; else they are handed over as they are. The
// command and all that it leaves running are gone when this returns, or when this process dies.
// `additions` are what the clone gets beside the unit's settings.
Result<SessionEnd> run_session(Manager& manager, const Settings& settings,
                               const std::vector<std::string>& command,
                               const std::vector<bus::Property>& additions);

}  // namespace sandproof::launch
