// The way out of what hangs on the unit's control group: limits, the device policy and the filters
// of IPAddressDeny=, SocketBindDeny= and their like.
#pragma once

#include <string>

#include "guarantee/guarantee.h"

namespace sandproof::guarantee {

// The attempt, once the probe has left the group by a tree that it comes by in this way: a folder,
// or "fresh", a cgroup2 of its own.
Attempt from_another_group(const std::string& way, const Attempt& attempt);

// Makes the promise's first denied attempt again as a side door, from another control group. A unit
// with a PID namespace of its own sees no process outside of it.
void add_group_doors(Promise& promise, const Subject& subject);

}  // namespace sandproof::guarantee
