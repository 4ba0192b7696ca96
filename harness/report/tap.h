#pragma once

#include <span>
#include <string>

#include "model/check.h"

namespace sandproof::report {

// TAP 13: a line a directive, and below a finding why, as diagnostics. What is unproven,
// untestable, off or without a probe is skipped; a waived finding is a TODO, which does not fail
// the run.
std::string tap_report(std::span<const CheckResult> results);

}  // namespace sandproof::report
