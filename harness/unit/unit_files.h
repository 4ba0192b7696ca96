// Which files of a folder, or of a change, are units that can be checked.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace sandproof::unit {

struct UnitFiles {
  struct LeftOut {
    std::string file;
    std::string kind;  // of several: "masked units"
  };

  // As arguments of load_unit(), each unit once: its file; or, where its file is not among the
  // folder's own, the folder of its drop-ins.
  std::vector<std::string> units;
  std::vector<LeftOut> left_out;
};

// A drop-in means the unit beside its folder; a template means the instance of its
// DefaultInstance=. A file that is not there (any more) means nothing, and one that is no unit file
// is not named.
UnitFiles unit_files_among(std::vector<std::filesystem::path> files);

// Every file below the folder, but for hidden ones (.git); symlinks to folders are not followed.
Result<std::vector<std::filesystem::path>> files_below(const std::filesystem::path& folder);

}  // namespace sandproof::unit
