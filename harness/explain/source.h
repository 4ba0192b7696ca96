// The files of a unit, as the manager would read them.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "explain/unit_text.h"
#include "manager/manager.h"

namespace sandproof::explain {

struct Source {
  std::string unit;  // its own name
  UnitText text;
  std::vector<std::string> files;     // as they are shown
  std::vector<std::string> drop_ins;  // paths in the manager's root file system
};

// Of a unit that the manager knows, or of a file. That is installed for the moment: under its own
// name on a disposable manager, beside everything on another.
Result<Source> read_source(Manager& manager, const std::string& what);

}  // namespace sandproof::explain
