// What RestrictAddressFamilies= says of a family. Guarantees that need a socket for their attempts
// ask before they promise anything of it.
#pragma once

#include <algorithm>
#include <string>

#include "model/settings.h"

namespace sandproof::guarantee {

inline bool is_family_allowed(const Settings& settings, const std::string& family) {
  const auto filter = settings.filter("RestrictAddressFamilies");
  const bool listed =
      std::find(filter.names.begin(), filter.names.end(), family) != filter.names.end();
  return listed == filter.allow_list;
}

}  // namespace sandproof::guarantee
