// Why a unit does not start, and what is to blame: by experiment, with every claim tried.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "explain/crew.h"
#include "manager/manager.h"
#include "model/explanation.h"

namespace sandproof::explain {

struct ExplainOptions {
  StartTrials start;
  double seconds = 5;  // how long the unit has to come up, and to stay
  std::string health;  // a shell command that succeeds once the unit is healthy; "" for none
  std::vector<std::string> before;  // shell commands that make what the unit needs
  // Whether a trial's processes can be followed.
  bool can_follow = true;
  // Directives that no trial takes away, so that nothing can be said of them.
  std::function<bool(const std::string& directive)> is_untried = [](const std::string&) {
    return false;
  };
  std::function<void(const std::string& step)> progress = [](const std::string&) {};
};

// `what` as load_unit() has it. The manager is asked for the unit's files; the unit is started
// where options.start starts it.
Result<Explanation> explain_unit(Manager& manager, const std::string& what,
                                 const ExplainOptions& options);

}  // namespace sandproof::explain
