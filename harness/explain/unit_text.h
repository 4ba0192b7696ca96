// A unit's files as one list of assignments, and as one file again with lines taken away or added:
// what a trial installs in place of the unit.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "model/explanation.h"
#include "unit/reader.h"

namespace sandproof::explain {

struct UnitFile {
  std::string name;  // as it is shown
  std::string text;
};

// An assignment with the file that it stands in.
struct Line {
  unit::Assignment assignment;
  std::string file;
};

class UnitText {
 public:
  UnitText() = default;
  // The fragment, then the drop-ins in systemd's order.
  explicit UnitText(const std::vector<UnitFile>& files);

  const std::vector<Line>& lines() const { return lines_; }
  // The directives of [Service] that could keep the unit from starting, by their names today, in
  // the order of their first lines.
  std::vector<std::string> directives() const;
  // The assignments of a directive that are in force: after the last empty one of a list, or the
  // last one of a single value.
  std::vector<Line> in_force(const std::string& directive) const;
  // The words of a list's lines that are in force.
  std::vector<std::string> words_of(const std::string& directive) const;
  // The last value, or "".
  std::string value_of(const std::string& directive) const;
  Place place_of(const std::string& directive) const;
  // The programs of ExecStart= and its kin, without prefixes.
  std::vector<std::string> programs() const;

  // The unit as one file for a trial: without the directives of the set, and with `added` lines at
  // the end of [Service], as a drop-in would have it. What would hurt, restart or wait for others
  // is left out; a start is bounded by `seconds`.
  std::string fragment(const std::set<std::string>& without, const std::vector<std::string>& added,
                       double seconds) const;

 private:
  std::vector<Line> lines_;
};

// Directives that say who the service is and what it gets, rather than keep something from it:
// without them many a program does not start, whatever is to blame.
bool is_grant(const std::string& directive);

// Whether systemd adds a directive's lines up, so that an empty one is needed to take them back.
bool is_list(const std::string& directive);

// The line that takes a directive back in a drop-in: "ProtectHome=no", "ReadWritePaths=".
std::string reset_line(const std::string& directive);

}  // namespace sandproof::explain
