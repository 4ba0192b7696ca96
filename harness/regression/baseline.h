// --baseline: only what got worse is a finding.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "model/check.h"

namespace sandproof::regression {

// Compares with an earlier result. What got worse or is gone becomes a finding, any other finding
// of a unit that the baseline knows is excused, and what got better is noted. Of what got worse,
// only what has come to one of the statuses counts, where they are given. A unit that the baseline
// does not know is left as it is, and noted.
void hold_against(std::vector<CheckResult>& results, std::span<const CheckResult> baseline,
                  const std::optional<std::set<Status>>& statuses);

// The baseline with the results in the place of the units that it knows, and after them.
std::vector<CheckResult> updated(std::vector<CheckResult> baseline,
                                 std::span<const CheckResult> results);

}  // namespace sandproof::regression
