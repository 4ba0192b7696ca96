// The man pages: pure text, from the tables of the program and the cards of its probes.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "manual/commands.h"
#include "manual/roff.h"

namespace sandproof::manual {

// Of the program with its commands; `further` are sections that follow.
std::string command_page(const Command& program, const PageTitle& title,
                         const std::string& further);

// Of the probes, from what `PROBE --card` says.
std::string probes_page(const nlohmann::ordered_json& cards, const PageTitle& title);

}  // namespace sandproof::manual
