// One start of the unit's own commands, and all that can be learned from how it went.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "explain/trace.h"
#include "manager/manager.h"

namespace sandproof::explain {

struct TrialPlan {
  std::string unit;                   // its own name, which its folders and its dynamic user follow
  std::string fragment;               // what stands in its file
  std::vector<std::string> programs;  // of its commands
  // Files of the unit that must not add to the fragment; removed on a disposable manager.
  std::vector<std::string> drop_ins;
  // Run by a shell on the manager's side before the unit is started.
  std::vector<std::string> before;
  // The same, but what cannot be done here makes the trial fail, and is no mistake of anybody's.
  std::vector<std::string> changes;
  std::string health;  // run by a shell until it succeeds; "" for none
  double seconds = 5;  // how long it has to come up
  double stays = 5;    // how long after its start it still has to be up
  std::optional<TraceOptions> trace;
};

// The result of a unit for which systemd could not even start a process.
constexpr const char* no_resources = "resources";

struct Trial {
  bool starts = false;
  bool runs_on = false;            // it was still running, or starting, when the time was up
  std::string result;              // of the unit: "exit-code", "condition", "health", …
  std::string command;             // "ExecStart", "ExecStartPre": the one that failed
  std::string program;             // the program that systemd could not execute
  bool exited = false;             // else it was killed by a signal
  int status = 0;                  // the exit status or the signal
  bool is_systemds = false;        // systemd's own code gave up, before the program ran
  std::string step;                // "NAMESPACE"
  std::string message;             // the manager's own words for it
  std::vector<std::string> words;  // the last lines that the unit wrote itself
  double seconds = 0;              // how long it took
  double ended = 0;                // when, on the machine's steady clock
  Trace trace;
};

// Starts the unit on a manager that is for this trial alone.
Result<Trial> run_trial(Manager& manager, const TrialPlan& plan);

// The same of a unit that the manager has loaded: what is to be done before is done.
Result<Trial> run_installed(Manager& manager, const TrialPlan& plan);

// Whether two failures look the same.
bool is_same_failure(const Trial& one, const Trial& other);

}  // namespace sandproof::explain
