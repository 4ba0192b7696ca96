// All attempts of one cell: the runner's protocol, the deadline of each attempt, and the fallback
// of one transient unit an attempt where the sandbox keeps the runner from forking.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "launch/transient_unit.h"

namespace sandproof::launch {

// How a cell is to be run.
struct CellJob {
  std::string label;  // part of the unit's name: "sandboxed_user"
  std::vector<bus::Property> properties;
  std::vector<Attempt> attempts;
  // The cell starts when that one's runner is ready: its unit makes the directories of both.
  std::optional<std::size_t> after;
  // One unit an attempt from the start.
  bool without_runner = false;
  // Whether the report has the clone's properties: hundreds, of which most cells need none.
  bool tells_clone = false;
  // Never two attempts beside each other, even where each has a unit of its own.
  bool one_by_one = false;
};

struct CellReport {
  std::map<Attempt, Outcome> outcomes;
  // Why no attempt could be made: "226/NAMESPACE"; empty where the sandbox could be set up.
  std::string failure;
  // The clone's properties while it ran, where the job asks for them.
  Properties clone;
  std::vector<std::string> refused;
  bool used_fallback = false;
};

// What a run shares between its cells.
struct LaunchContext {
  Manager& manager;
  std::string run_id;
  std::string probe_folder;  // in the manager's files
  std::chrono::milliseconds attempt_limit{5000};
  // From a unit's start to the runner's, or the probe's, first word: an emulated machine of one CPU
  // takes a second for each unit that starts beside it.
  std::chrono::milliseconds set_up_limit{60000};
  // Of all cells together: a unit's name carries its number.
  std::size_t units_started = 0;
};

class CellRun {
 public:
  CellRun(LaunchContext& context, const CellJob& job);

  void start();
  bool is_ready() const { return is_ready_ || is_done_; }
  bool is_done() const { return is_done_; }
  CellReport take_report() { return std::move(report_); }

  // Signals of the manager; false where they are about another unit.
  bool properties_changed(const std::string& path, const Properties& changed);
  bool job_ended(const std::string& unit);

 private:
  // A unit that runs one attempt, or the runner with many.
  struct Flight {
    std::unique_ptr<TransientUnit> unit;
    std::string path;
    std::string text;       // output that is not yet a whole line
    std::string last_line;  // what the probe under way said last
    bool is_attempting = false;
    bool is_timed_out = false;
    std::optional<std::size_t> attempt;  // under way, an index into the job's attempts
    std::size_t first = 0;               // the job's attempt that is the runner's number 0
    std::size_t sent = 0;                // attempts handed to the runner
    bus::Watch deadline;
  };

  std::string unit_name();
  std::vector<std::string> probe_command(const Attempt& attempt) const;
  void start_runner(std::size_t first);
  void start_single(std::size_t index);
  void start_more_singles();
  bool launch(Flight& flight, const std::vector<std::string>& command);
  void arm_deadline(Flight& flight, std::chrono::milliseconds limit);
  void take_output(Flight& flight, std::string_view chunk);
  void take_line(Flight& flight, const std::string& line);
  void runner_says(Flight& flight, const std::string& line);
  void runner_is_ready(Flight& flight);
  void feed_runner(Flight& flight);
  void runner_ended(Flight& flight, const Ending& ending);
  void single_ended(Flight& flight, const Ending& ending);
  void conclude(std::size_t index, Outcome outcome);
  void fall_back();
  void fail_all(const std::string& reason);
  void inspect_clone(const Flight& flight);
  Flight* flight_of(const std::string& path);

  LaunchContext& context_;
  const CellJob& job_;
  CellReport report_;
  std::vector<std::unique_ptr<Flight>> flights_;
  std::vector<std::size_t> waiting_;  // for a unit of their own
  bool is_single_mode_ = false;
  bool is_ready_ = false;
  bool is_done_ = false;
};

// "exited with 226/NAMESPACE", "killed by SIGSYS": for people.
std::string describe(const Ending& ending);

}  // namespace sandproof::launch
