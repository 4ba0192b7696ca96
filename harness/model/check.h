// The result of `sandproof check` for one unit: what the reports are made from.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/attempt.h"
#include "model/unit.h"
#include "model/verdict.h"

namespace sandproof {

struct ManagerFacts {
  std::string kind;  // "host" or "throwaway"
  int systemd = 0;   // 252
  std::string kernel;
  std::string virtualization;  // systemd-detect-virt's word, "none" on bare metal
  std::string user = {};       // whose manager it is: systemd --user; empty for the system's
};

enum class Load { bearing, shared, idle };
std::string to_string(Load load);

// What a baseline, a waiver or --fail-on makes of a directive. What was seen of it is told all the
// same.
struct Standing {
  enum class Kind { as_status, finding, excused };

  Kind kind = Kind::as_status;
  std::string because;  // "was held in the baseline", "waived until 2027-01-31: …"
};
std::string to_string(Standing::Kind kind);

struct DirectiveResult {
  Directive directive;
  Status status = Status::no_probe;
  std::string reason;        // empty where there is nothing to explain
  std::optional<Load> load;  // with --ablate only
  Standing standing{};

  bool is_finding() const;
};

// A finding that no directive of the unit carries: one that is gone, a waiver that waives nothing.
struct FurtherFinding {
  std::string title;
  std::string text;
  std::string file;  // empty where there is no place to name
  int line = 0;
  std::string directive;  // of one that is gone
};

struct AttemptResult {
  Attempt attempt;
  std::vector<std::string> directives;  // those that promise it
  std::string side_door;                // empty: the front door
  Must must = Must::denied;
  Control control = Control::same_user;
  Square square;
  Judgement judgement;
  // Of an open side door, or a leak whose remedy its guarantee knows: the assignments that shut it,
  // found by trying.
  std::vector<std::string> shut_by;
  // With --ablate only: the directives that carry it. Either the absence of each lets it through,
  // or they share it: each stops it by itself, or with another of them.
  std::optional<std::vector<std::string>> carried_by;
  bool is_shared = false;
  std::string reproduce;  // a shell line that shows it

  // Whether it is root's cells that show the verdict. The two of the user also show who the unit
  // is.
  bool is_shown_by_root() const;
};

struct CheckResult {
  ManagerFacts manager;
  std::string unit;
  std::vector<std::string> files;
  std::string user;
  std::vector<std::string> prepared;  // made in a throwaway: "user runwisp"
  std::vector<std::string> staged;    // added to the clones: "BindReadOnlyPaths=…"
  std::vector<std::string> notes;     // what a reader has to know of this run
  // Directives that the clones do not have as the unit has them, each with why.
  std::map<std::string, std::string> uncopied;
  std::vector<DirectiveResult> directives;
  std::vector<ExemptCommand> exempt;
  std::vector<std::string> not_of_the_sandbox;
  std::vector<AttemptResult> attempts;
  std::vector<FurtherFinding> further;
  // The text of the files, where the caller has it, for a report that shows the unit's lines.
  std::map<std::string, std::string> sources;

  std::map<Status, int> summary() const;
  bool has_finding(bool strict) const;
};

}  // namespace sandproof
