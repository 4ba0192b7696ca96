// Which words of a list systemd has not taken: SystemCallFilter=@system-service @unknown.
#pragma once

#include <string>
#include <vector>

#include "model/settings.h"
#include "unit/line.h"

namespace sandproof::unit {

// The words of the line, `all`, that systemd did not take; all that the settings have not where its
// log names none. Without the tilde of the whole list.
std::vector<std::string> lost_words(const std::string& name, const Line& line,
                                    const std::vector<std::string>& all, const Settings& settings);

// The list without them, with its tilde.
std::vector<std::string> without_words(const std::vector<std::string>& all,
                                       const std::vector<std::string>& lost);

}  // namespace sandproof::unit
