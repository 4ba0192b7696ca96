// Which units a command is about: those that it names, those in a folder, those of a change.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace sandproof::cli {

struct Subjects {
  std::vector<std::string> units;  // as load_unit() takes them
  // What is left out, and why: for people.
  std::vector<std::string> remarks;
};

// `named` are units, unit files and folders of them. With a revision they are files and folders
// that the change since it is narrowed down to; without any, all of it counts.
Result<Subjects> find_subjects(const std::vector<std::string>& named,
                               const std::optional<std::string>& changed_since);

}  // namespace sandproof::cli
