// Two results of the same units: what got worse, what got better. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "model/check.h"

namespace sandproof::regression {

// What changed of a directive, or of one of its attempts.
struct Change {
  enum class Kind { worse, better, gone, added };

  Kind kind = Kind::worse;
  std::string unit;
  std::string directive;
  std::string attempt;  // "fs-write /etc"; empty: the directive itself
  std::string before;   // a status or a verdict; empty where it was not there
  std::string after;    // the same; empty where it is gone
  // Where it stands now; of one that is gone, where it stood.
  std::string file;
  int line = 0;
  std::string reason;
  // What got worse, and what is gone that had held; a directive that is new and does not hold.
  bool is_finding = false;

  bool operator==(const Change&) const = default;
};

std::string to_string(Change::Kind kind);

struct Comparison {
  std::vector<Change> changes;  // in the order of the kinds, findings first
  std::vector<std::string> units_gone;
  std::vector<std::string> units_added;
  std::vector<std::string> notes;  // what keeps the two from being alike: another systemd

  bool has_finding() const;
};

// Directives are known by their unit and name, attempts by unit, directive and words. From best to
// worst a directive is held; not shown to hold (unproven, untestable, no-probe, off); ignored;
// overblocked; bypassed; leaked: only a step down that ladder is worse. Numbers and names in an
// attempt that each run makes anew (a process, a port) are no difference. Attempts that went with a
// change of their directive's value are told, and are no finding.
Comparison compare(std::span<const CheckResult> before, std::span<const CheckResult> after);

}  // namespace sandproof::regression
