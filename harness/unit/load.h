// From a unit's name or file to its settings, with file and line for each.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "manager/manager.h"
#include "model/unit.h"

namespace sandproof {

struct LoadedUnit {
  Unit unit;
  // What a reader has to know of how it was loaded, and of what systemd says about its files.
  std::vector<std::string> notes;
  // The text of each of the unit's files.
  std::map<std::string, std::string> sources;
};

// `what` is the name of a unit that the manager knows; or, where it has a slash or is there, the
// path of a unit file, with the drop-ins of the NAME.d beside it; or of a drop-in in a
// NAME.service.d (or of that folder), for the installed unit NAME.service.
//
// A host's units are not touched: a file is loaded under a name of its own, and removed at once.
Result<LoadedUnit> load_unit(Manager& manager, const std::string& what, const Properties& pristine);

}  // namespace sandproof
