#pragma once

#include <filesystem>
#include <string>

#include "model/attempt.h"
#include "model/unit.h"

namespace sandproof {

// A shell line that makes the attempt under the unit's own settings, with systemd's own tool: the
// unit's lines as they stand in its files, as `-p Name=value`.
std::string reproduce_line(const Unit& unit, const Attempt& attempt,
                           const std::filesystem::path& probes);

}  // namespace sandproof
