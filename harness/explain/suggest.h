// Changes that could let a unit start, from the narrowest to the widest. Which of them does is for
// trials to find out.
#pragma once

#include <string>
#include <vector>

#include "explain/trial.h"
#include "explain/unit_text.h"

namespace sandproof::explain {

struct Change {
  std::vector<std::string> lines;     // of [Service], in a drop-in
  std::vector<std::string> commands;  // on the machine, before
  std::string says;                   // "ProtectHome=read-only instead of true"
  std::string gives_up;               // what becomes possible; "" for nothing
  bool is_reset = false;              // the whole directive is gone
};

// What is known of a failure.
struct Failure {
  Trial trial;
  Trace trace;                       // of the same, traced
  std::vector<RefusedCall> refused;  // by the sandbox: not refused without the culprits
  std::string missing_path;          // of a 226: the path that systemd could not mount on
};

// Of one culprit. `elements` are those of its list that are to blame, or that it lacks.
std::vector<Change> changes_for(const std::string& directive, const UnitText& text,
                                const Failure& failure, const std::vector<std::string>& elements);

// What can be done without touching the sandbox: make what is missing, move what is out of reach.
std::vector<Change> changes_of_the_machine(const UnitText& text, const Failure& failure);

// All of these taken back by a drop-in.
Change reset_change(const std::vector<std::string>& directives, const UnitText& text);

// A list's lines anew without some of its elements, or with a - before them.
std::vector<std::string> lines_without(const UnitText& text, const std::string& directive,
                                       const std::vector<std::string>& elements);
std::vector<std::string> lines_with_dash(const UnitText& text, const std::string& directive,
                                         const std::vector<std::string>& elements);

}  // namespace sandproof::explain
