// A unit with nothing but an ExecStart=: what a unit's settings are measured against.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "manager/manager.h"
#include "model/settings.h"

namespace sandproof {

struct Pristine {
  // Without run-time state, and free of the drop-ins below.
  Properties properties;
  // Drop-ins of every service (…/service.d/*.conf), bare cells included: paths in manager.files().
  // An empty drop-in of the same name in a unit's own NAME.d hides one from the unit.
  std::vector<std::string> global_drop_ins;
};

Result<Pristine> find_pristine(Manager& manager);
Result<Properties> pristine_properties(Manager& manager);

}  // namespace sandproof
