// Directives that no file sets and the settings have: others imply them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/unit.h"

namespace sandproof::unit {

// `written` are those that the files set.
std::vector<Directive> implied_directives(const Settings& settings,
                                          const std::vector<Directive>& written);

// The directives in force that imply the directive: "PrivateDevices, ProtectClock"; "" where none
// is known to.
std::string cause_of(std::string_view directive, const Settings& settings);

// Whether it is a list of file systems of which systemd has taken none: one without BPF takes only
// that it is a list of what is allowed (config_parse_restrict_filesystems() in systemd's source),
// and that restricts nothing.
bool is_of_no_file_system(std::string_view directive, const Settings& settings);

}  // namespace sandproof::unit
