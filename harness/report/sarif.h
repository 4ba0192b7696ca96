#pragma once

#include <span>
#include <string>

#include "model/check.h"
#include "report/words.h"

namespace sandproof::report {

struct SarifOptions {
  std::string version;  // sandproof's
  Checkout checkout;
};

// SARIF 2.1.0, one run: a rule a directive, a result a finding, at the line of the directive. Paths
// are relative to the checkout's root (%SRCROOT%). A waived finding is there, suppressed. GitHub
// takes 25 000 results a run and shows 5 000: the worst 5 000 are written, and the run says how
// many are not.
std::string sarif_report(std::span<const CheckResult> results, const SarifOptions& options);

}  // namespace sandproof::report
