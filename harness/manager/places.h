// Where a path of the manager's files is in its file system, whatever else is mounted where.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "manager/manager.h"
#include "manager/mounts.h"
#include "model/place.h"

namespace sandproof {

class Places {
 public:
  // As the manager's own process has it now.
  explicit Places(const Manager& manager);

  // Nothing where nothing is at the path, or the kernel does not tell.
  std::optional<Place> of(const std::string& path) const;

 private:
  const RootedFs& files_;
  std::vector<Mount> mounts_;
};

}  // namespace sandproof
