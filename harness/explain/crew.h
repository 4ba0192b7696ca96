// Trials in flight together, each on a throwaway systemd of its own and in a process of its own: no
// trial sees what another one left behind, and each starts the unit under its own name.
#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "explain/trial.h"

namespace sandproof::explain {

// The trials of plans that are independent of each other, in their order.
using RunTrials = std::function<Result<std::vector<Trial>>(const std::vector<TrialPlan>& plans)>;

// `root` is the root file system of the throwaways.
RunTrials on_throwaways(std::filesystem::path root);

// What a worker sends to the harness.
std::string to_message(const Result<Trial>& trial);
Result<Trial> from_message(const std::string& message);

}  // namespace sandproof::explain
