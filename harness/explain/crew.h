// Trials in flight together, each on a throwaway systemd of its own and in a process of its own: no
// trial sees what another one left behind, and each starts the unit under its own name.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "explain/trial.h"

namespace sandproof::explain {

// Trials on their way. Those that have not ended by its end are ended with it.
class Batch {
 public:
  virtual ~Batch() = default;
  // Waits for all of them; in the order of their plans. Once.
  virtual Result<std::vector<Trial>> wait() = 0;
};

// Begins the trials of plans that are independent of each other; where they have to go one after
// the other, each begins when they are waited for.
using StartTrials = std::function<Result<std::unique_ptr<Batch>>(std::vector<TrialPlan> plans)>;

// `root` is the root file system of the throwaways.
StartTrials on_throwaways(std::filesystem::path root);

// What a worker sends to the harness.
std::string to_message(const Result<Trial>& trial);
Result<Trial> from_message(const std::string& message);

}  // namespace sandproof::explain
