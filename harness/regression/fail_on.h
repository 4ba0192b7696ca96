// --fail-on: which statuses are findings.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/check.h"

namespace sandproof::regression {

// leaked, bypassed, overblocked and ignored.
std::set<Status> usual_findings();

// What parse_statuses() knows: "leaked", "bypassed", ….
std::vector<std::string> statuses_to_fail_on();

// "leaked,bypassed": any status but held; an error names the one that is none.
Result<std::set<Status>> parse_statuses(std::string_view list);

// Makes findings of the directives with one of these statuses, and of no others.
void fail_on(CheckResult& result, const std::set<Status>& statuses);

}  // namespace sandproof::regression
