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

// In a throwaway without nss-systemd(8): gives the numbers of a dynamic user a name, without which
// systemd takes them for no user's. The name is not the unit's, which would then be a static user.
Result<void> name_dynamic_user(Manager& manager, const std::string& uid, const std::string& gid);

}  // namespace sandproof
