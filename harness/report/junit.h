#pragma once

#include <span>
#include <string>

#include "model/check.h"

namespace sandproof::report {

// JUnit XML as Jenkins and GitLab read it: a test suite a unit, a test case a directive. A finding
// is a failure; what is unproven, untestable, off, without a probe or waived is skipped and says
// so.
std::string junit_report(std::span<const CheckResult> results);

}  // namespace sandproof::report
