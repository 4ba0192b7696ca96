// What a unit would be with a line more or some less: asked of systemd, which parses the unit's own
// files as they would then be.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "manager/manager.h"
#include "unit/load.h"

namespace sandproof {

// A change of the unit's [Service] sections.
struct Edit {
  std::string added;              // a line after all others: "SystemCallFilter=~@mount"; or ""
  std::set<std::string> removed;  // the directives whose lines go: "ProtectHome"
};

// For each edit, in their order: the unit's settings with it; nothing where it changes nothing, as
// with a line that this systemd does not know or that the unit has already. Nothing at all for a
// unit without files.
Result<std::vector<std::optional<Settings>>> edited_settings(Manager& manager,
                                                             const LoadedUnit& loaded,
                                                             const std::vector<Edit>& edits);

}  // namespace sandproof
