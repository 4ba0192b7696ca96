// The directives of a unit's directories, taken away several in one start. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "check/loads.h"
#include "model/attempt.h"
#include "model/own_directories.h"
#include "model/settings.h"

namespace sandproof {

// Each with as many as say the same of different directories: StateDirectory= with LogsDirectory=,
// and StateDirectoryMode= with LogsDirectoryMode=.
std::vector<Names> groups_of_different_directories(const Names& names);

// The one directive of a group whose directories an attempt names; none where there are several, or
// where it names none.
std::optional<std::string> directive_of_directory(const Attempt& attempt, const Names& group,
                                                  const Settings& settings,
                                                  const DirectoryParents& parents);

}  // namespace sandproof
