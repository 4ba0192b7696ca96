// Which of many things to blame, by experiment alone: what delta debugging is about (Zeller and
// Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002), in few rounds, with the
// experiments of a round in flight together.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"

namespace sandproof::explain {

using Names = std::set<std::string>;

// Tries each set, and answers for each whether it works with the set taken away. A round's sets are
// independent of each other.
using Experiment = std::function<Result<std::vector<bool>>(const std::vector<Names>& sets)>;

// The minimal sets whose removal works, smallest first; every one was tried. `suspects` are taken
// away in groups, `grants` only one by one at first, since without them much else may break. None
// where nothing helps.
Result<std::vector<Names>> isolate(const std::vector<std::string>& suspects,
                                   const std::vector<std::string>& grants,
                                   const Experiment& experiment);

// A minimal subset of `start`, which is known to work; of several, one whose members come early.
Result<Names> minimise(const std::vector<std::string>& start, const Experiment& experiment);

}  // namespace sandproof::explain
