// What the probes say of themselves.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/result.h"

namespace sandproof::cli {

// An array of the cards of all probes in the folder, by their names.
Result<nlohmann::ordered_json> cards_in(const std::filesystem::path& folder);

}  // namespace sandproof::cli
