#pragma once

#include <filesystem>
#include <string>

#include "guarantee/guarantee.h"
#include "model/attempt.h"
#include "model/unit.h"

namespace sandproof {

// A shell line that makes the attempt under the unit's own settings, with systemd's own tool: the
// unit's lines as they stand in its files, as `-p Name=value`. What the run's bystander made for
// the attempt is gone when somebody pastes the line, so the line makes a file anew, also one of the
// programs that give privileges (Subject::privileged_folder), and takes PID 1 for the process, with
// its namespaces, or of a user manager's unit the shell itself. `as_root` leaves out who the unit
// is, for what root's cell showed.
std::string reproduce_line(const guarantee::Subject& subject, const Unit& unit,
                           const Attempt& attempt, const std::filesystem::path& probes,
                           bool as_root);

}  // namespace sandproof
