// Trials on the systemd that is this machine's PID 1, one after the other: each starts the unit's
// own commands in a clone that has a name of its own.
//
// What would reach beyond the clone is not in it (ARCHITECTURE.md, "Clones must not hurt the
// original"), and what is not tried cannot be blamed. PID 1 is not followed: who traces it can stop
// the machine. What the program itself does to this machine is done.
#pragma once

#include <string>

#include "explain/crew.h"
#include "manager/manager.h"

namespace sandproof::explain {

StartTrials on_host(Manager& manager);

// An error where the unit itself is running: two of a program are one too many.
Result<void> check_not_running(Manager& manager, const std::string& unit);

// Whether no trial on a host can blame it: because no clone has it, or because every clone has it,
// since a program that is not told to be somebody is root.
bool is_untried_on_host(const std::string& directive);

// The text of a unit's file as a clone has it. `unit` is the unit's own name, which %n and its kin
// stand for; `files` are the machine's.
std::string clone_of(const std::string& fragment, const std::string& unit, const RootedFs& files);

}  // namespace sandproof::explain
