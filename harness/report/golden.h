// For the tests: results that have something of everything, and the files of testdata/ that show
// how each format tells them. To write those anew after a change that is meant:
// SANDPROOF_UPDATE_GOLDEN=1 report_test, and read the difference.
#pragma once

#include <string>

#include "model/check.h"

namespace sandproof::report {

// A unit with a directive of every status, and with an attempt of every verdict and proof.
CheckResult every_status();

// A unit of root's whose every directive holds, after an ablation.
CheckResult all_held();

// Three directives of relay.service in a run with a baseline and waivers: one that got worse, one
// that is waived and one that holds; and a waiver that is expired.
CheckResult against_a_baseline();

// A unit whose every text tries to be taken for something else by a reader of the format: control
// characters, escape sequences, ends of elements and comments, bytes that are not UTF-8.
CheckResult hostile();

void expect_golden(const std::string& name, const std::string& report);

}  // namespace sandproof::report
