// One transient unit in flight: the runner in it, the attempts going in and the outcomes coming
// out.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "bus/connection.h"
#include "manager/manager.h"
#include "model/attempt.h"

namespace sandproof::launch {

// How a transient unit ended, as its properties say.
struct Ending {
  std::string result;  // "success", "exit-code", "signal", "core-dump", "timeout", …
  int code = 0;        // CLD_EXITED, CLD_KILLED, …: waitid(2)
  int status = 0;      // an exit status or a signal
};

// "ExecStart" with one command, whose words are what the program gets.
bus::Property exec_start(const std::vector<std::string>& command);

// Asks for a transient unit to be started. A property that systemd refuses is left out; answers
// the names of those.
Result<std::vector<std::string>> start_transient_unit(Manager& manager, const std::string& name,
                                                      std::vector<bus::Property> properties);

// What a change of a unit's properties says of its end is added.
void add_to(Ending& ending, const Properties& changed);

class TransientUnit {
 public:
  struct Events {
    // A chunk of what the unit wrote to its standard output.
    std::function<void(std::string_view)> output;
    // The start job is over, and nobody can write any more.
    std::function<void(const Ending&)> end;
  };

  // Starts `program` with its arguments in a oneshot unit of these properties, with standard input
  // and output in our hands. A property that systemd refuses is left out and named in `refused`.
  static Result<std::unique_ptr<TransientUnit>> start(Manager& manager, const std::string& name,
                                                      const std::vector<std::string>& command,
                                                      const std::vector<bus::Property>& properties,
                                                      Events events);
  ~TransientUnit();
  TransientUnit(const TransientUnit&) = delete;
  TransientUnit& operator=(const TransientUnit&) = delete;

  const std::string& name() const { return name_; }
  const std::vector<std::string>& refused() const { return refused_; }
  bool has_ended() const { return has_ended_; }

  // To its standard input. Ignored where it does not read any more: the end will say why.
  void write(std::string_view text);
  void close_input() { input_.reset(); }
  void kill();

  // The manager's signals, by way of the launcher.
  void properties_changed(const Properties& changed);
  void job_ended();

 private:
  TransientUnit(Manager& manager, std::string name, Events events);
  void read_output();
  void end_if_over();

  Manager& manager_;
  std::string name_;
  Events events_;
  std::vector<std::string> refused_;
  Fd input_;
  Fd output_;
  bus::Watch watch_;
  Ending ending_;
  bool job_is_over_ = false;
  bool output_is_over_ = false;
  bool has_ended_ = false;
};

}  // namespace sandproof::launch
