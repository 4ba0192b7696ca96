// What a directive does behind a filter of system calls that stops its attempts before it could.
#pragma once

#include <filesystem>
#include <vector>

#include "base/result.h"
#include "check/expectations.h"
#include "check/scene.h"
#include "model/check.h"

namespace sandproof {

// SystemCallFilter= kills what other directives promise to deny, and what is killed is no evidence
// of theirs. Such attempts are made once more with the filter away and everything else in force:
// one that is denied as promised there is held, and its line shows that.
Result<void> look_behind_filter(Scene& scene, const std::vector<Expectation>& expectations,
                                const std::filesystem::path& probes, CheckResult& result);

}  // namespace sandproof
