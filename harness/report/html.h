#pragma once

#include <span>
#include <string>

#include "model/check.h"

namespace sandproof::report {

// One page that needs nothing but itself, for a person: each unit's files as they stand with the
// status beside each line, every directive with its squares and what reproduces them, and the
// matrix of an ablation. Several units are tabs. It is readable without its script, on a phone, in
// the dark and on paper; its content policy lets nothing be loaded and no other script run.
std::string html_report(std::span<const CheckResult> results);

}  // namespace sandproof::report
