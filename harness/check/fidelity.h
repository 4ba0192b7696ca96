// Where a throwaway systemd is known to answer otherwise than the same systemd as a machine's
// PID 1.
#pragma once

#include <string>
#include <vector>

#include "model/check.h"

namespace sandproof {

// One note for each such cause that touches a directive of the result, "TasksMax=, MemoryMax=: …";
// none of a host's. Each was seen in a virtual machine: by ci/vm, docs/throwaway-fidelity.md, or
// with scripts/vm, docs/holes.md.
std::vector<std::string> notes_on_fidelity(const CheckResult& result);

}  // namespace sandproof
