// The lines of a Lifecycle=: what is done to the unit, and what must come of it.
#pragma once

#include <string>
#include <variant>

#include "base/result.h"
#include "claim/claim.h"

namespace sandproof::claim {

// The message of an error has no place: the caller knows it.
Result<Step> parse_step(const std::string& text);

}  // namespace sandproof::claim
