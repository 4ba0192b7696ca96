#pragma once

#include <span>
#include <string>

#include "model/check.h"
#include "report/words.h"

namespace sandproof::report {

// Workflow commands that GitHub Actions shows as annotations at the directive's line. It shows ten
// of a kind a step and drops the rest in silence: so there are never more, the worst first, and the
// tenth tells how many are left out.
std::string github_report(std::span<const CheckResult> results, const Checkout& checkout);

}  // namespace sandproof::report
