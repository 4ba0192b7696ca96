// What a change in a git repository touches.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace sandproof::cli {

// The files that differ between the commit at which HEAD parted from the revision and the work tree
// as it is now, uncommitted and untracked ones included; deleted files are named, too. As the
// working folder sees them.
Result<std::vector<std::filesystem::path>> files_changed_since(const std::string& revision);

}  // namespace sandproof::cli
