// Completion of the program's arguments in three shells, from the tables of the program.
#pragma once

#include <string>

#include "manual/commands.h"

namespace sandproof::manual {

std::string bash_completion(const Command& program);
std::string zsh_completion(const Command& program);
std::string fish_completion(const Command& program);

}  // namespace sandproof::manual
