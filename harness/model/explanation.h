// The result of `sandproof explain`: whether a unit starts, and if not, what is to blame.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/check.h"

namespace sandproof {

// The elements of a list that are to blame, or the ones that it lacks.
struct Narrowed {
  std::string directive;
  std::vector<std::string> elements;
  bool lacks = false;  // the list allows, and these would have to be in it
  std::string file;    // where the list is set; "" where nothing says
  int line = 0;
};

// Something that was seen, and the directive without which it was not.
struct Evidence {
  std::string text;       // openat("/etc/stamp", O_WRONLY) = EROFS
  std::string directive;  // "" where it is nobody's: the program's own
};

// Where a directive of the unit is set.
struct Place {
  std::string directive;
  std::string value;
  std::string file;
  int line = 0;
  // Earlier lines of the same directive that this one overrides: "FILE:LINE".
  std::vector<std::string> overrides;
};

struct Explanation {
  ManagerFacts manager;
  std::string unit;
  std::vector<std::string> files;

  bool starts = false;
  std::string result;         // "exit-code", "signal", "timeout", …, as systemd has it
  std::optional<int> status;  // the exit status
  std::string step;           // "EXEC", of systemd's own statuses only
  std::string signal;         // "SIGSYS"
  std::string syscall;        // the call that SIGSYS came of
  std::vector<std::string> syscall_groups;  // the groups of SystemCallFilter= that it is in
  std::string command;                      // "ExecStart", "ExecStartPre", …: the one that failed
  std::string message;                      // the journal's own
  std::vector<std::string> words;           // the last lines that the program wrote

  // The minimal sets of directives without which the unit starts, each tried; none where it is not
  // the sandbox.
  std::vector<std::vector<std::string>> culprits;
  std::vector<Place> places;  // of the culprits
  std::vector<std::string> innocent;
  // Neither: never taken away, where that could do harm.
  std::vector<std::string> untried;
  std::vector<Narrowed> narrowed;
  // What happens, in sentences: the first is the cause.
  std::vector<std::string> because;
  std::vector<Evidence> evidence;

  // The smallest change with which the unit was seen to start; "" where none was found.
  std::string suggestion;
  std::string drop_in;                // its file
  std::vector<std::string> commands;  // what has to be done on the machine for it
  std::string gives_up;               // what the change makes possible

  std::vector<std::string> notes;
  int trials = 0;  // how often the unit was started
  double seconds = 0;
  // Of these, until the culprits were known for certain; 0 where there are none.
  int isolation_trials = 0;
  double isolation_seconds = 0;
};

}  // namespace sandproof
