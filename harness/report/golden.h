// For the tests: results that have something of everything, and the files of testdata/ that show how
// each format tells them. To write those anew after a change that is meant:
// SANDPROOF_UPDATE_GOLDEN=1 report_test, and read the difference.
#pragma once

#include <string>

#include "model/check.h"

namespace sandproof::report {

// A unit with a directive of every status, and with an attempt of every verdict and proof.
CheckResult every_status();

// A unit of root's whose every directive holds, after an ablation.
CheckResult all_held();

void expect_golden(const std::string& name, const std::string& report);

}  // namespace sandproof::report
