// Attempts in, outcomes out: runs cells on a manager, all of them in flight together.
#pragma once

#include <vector>

#include "launch/cell_run.h"

namespace sandproof::launch {

class Launcher {
 public:
  // `probe_folder` is where the probes and the runner lie in the manager's files.
  Launcher(Manager& manager, std::string probe_folder);

  // The reports stand in the order of the jobs.
  Result<std::vector<CellReport>> run(const std::vector<CellJob>& jobs);

  LaunchContext& context() { return context_; }

 private:
  LaunchContext context_;
};

}  // namespace sandproof::launch
