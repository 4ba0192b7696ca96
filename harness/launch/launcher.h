// Attempts in, outcomes out: runs cells on a manager, all of them in flight together.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "launch/cell_run.h"

namespace sandproof::launch {

// A job that is asked for when there is room for one more, so that what it needs is found out while
// others run.
struct LateJob {
  std::size_t attempts = 0;                                  // what it is given time for
  std::function<Result<std::optional<CellJob>>()> job = {};  // nothing where there is nothing to do
};

// A function that runs cells, and waits for them.
using Lane = std::function<Result<void>()>;

class Lanes;

class Launcher {
 public:
  // `probe_folder` is where the probes and the runner lie in the manager's files.
  Launcher(Manager& manager, std::string probe_folder);

  // The reports stand in the order of the jobs.
  Result<std::vector<CellReport>> run(const std::vector<CellJob>& jobs);
  // No report of what had nothing to do.
  Result<std::vector<std::optional<CellReport>>> run_late(const std::vector<LateJob>& jobs);

  // Each goes on as soon as its own cells have ended, and starts more while those of the others
  // run. They are coroutines of this thread, never two at a time. The first error of one of them,
  // after all have ended.
  Result<void> side_by_side(const std::vector<Lane>& lanes);

  LaunchContext& context() { return context_; }

 private:
  LaunchContext context_;
  Lanes* lanes_ = nullptr;  // while they run
};

}  // namespace sandproof::launch
