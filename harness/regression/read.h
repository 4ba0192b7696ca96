// An earlier result, read back from what `--format json` wrote.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/check.h"

namespace sandproof::regression {

// Reads schema "sandproof/check/1". Every key that the schema has must be there, with a value of
// its type and, where it is a word, of its words; keys that it does not have are passed over, so
// that a newer result can be read. An error names the file and the place in it: "old.json:
// attempts[3].verdict: \"heldd\" is none of held, leaked, …".
Result<std::vector<CheckResult>> read_results(std::string_view json, const std::string& file);

}  // namespace sandproof::regression
