// The smallest change with which a unit starts, found by trying.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "explain/experiment.h"
#include "explain/suggest.h"
#include "model/explanation.h"

namespace sandproof::explain {

// One failure of several that a unit has one after the other, and the directives that bring it
// about.
struct Stage {
  Failure failure;
  std::vector<std::string> culprits;
};

struct Cure {
  std::optional<Change> change;  // none where nothing helped
  // The elements of lists that are to blame, found on the way.
  std::vector<Narrowed> narrowed;
};

// The culprits of all stages together are a set without which the unit starts.
Result<Cure> find_cure(Experiments& experiments, const std::vector<Stage>& stages);

// Where it is not the sandbox: what can be done on the machine.
Result<Cure> find_cure(Experiments& experiments, const Failure& failure);

}  // namespace sandproof::explain
