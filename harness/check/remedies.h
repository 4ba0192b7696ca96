// What shuts an open side door or a leak, found by trying: the unit with one line more, and the
// attempt again.
#pragma once

#include <vector>

#include "base/result.h"
#include "check/scene.h"
#include "model/check.h"

namespace sandproof {

// Fills in `shut_by` of every attempt at a side door that is open, and of every leak for which a
// guarantee names a remedy: the assignments each of which shuts it by itself, those that the
// guarantees name before the common ones.
Result<void> find_remedies(Scene& scene, const std::vector<Expectation>& expectations,
                           CheckResult& result);

}  // namespace sandproof
