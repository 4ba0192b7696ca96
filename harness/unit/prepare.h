// What a unit needs of its machine before it can start.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "manager/manager.h"
#include "model/unit.h"

namespace sandproof {

// In a throwaway: makes the users, groups, folders, files and credentials that the unit names and
// the machine lacks, and answers what it made: "user runwisp", "/var/lib/runwisp". On a host
// nothing is made: where something is missing, the error names it and the way out.
Result<std::vector<std::string>> prepare(Manager& manager, const Unit& unit);

}  // namespace sandproof
