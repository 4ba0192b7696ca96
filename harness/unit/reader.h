// Where a unit file says what: sections, assignments and their lines, by the rules of
// systemd.syntax(7) and config_parse() in systemd's source. What the values mean is systemd's to
// say.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sandproof::unit {

struct Assignment {
  std::string section;  // "" before the first
  std::string name;
  std::string value;       // continuation lines joined
  int line = 0;            // the first of it, from 1
  int last_line = 0;       // the one that systemd's log names
  bool has_equals = true;  // without, the whole line is the name, and systemd ignores it
};

std::vector<Assignment> read_assignments(std::string_view text);

}  // namespace sandproof::unit
