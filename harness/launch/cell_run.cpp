#include "launch/cell_run.h"

#include <algorithm>
#include <charconv>
#include <csignal>

#include "base/names.h"
#include "base/text.h"
#include "launch/exit_status.h"

namespace sandproof::launch {

namespace {

// Enough for the runner never to wait for the harness, and less than a pipe holds.
constexpr std::size_t attempts_ahead = 16;
constexpr std::size_t single_units_in_flight = 8;

// The exit statuses of the probes' protocol: probes/README.md.
constexpr int exit_denied = 20;
constexpr int exit_unable = 23;

// What a probe said and how its process ended, together: a line without the status that belongs to
// it, or a status without its line, is no outcome.
Outcome outcome_of(const std::string& last_line, bool is_attempting, const Ending& ending) {
  if (ending.code == CLD_KILLED || ending.code == CLD_DUMPED) {
    if (is_attempting && last_line.empty()) return Outcome::killed(ending.status);
    return Outcome::unable("killed by " + signal_name(ending.status) + " before the attempt");
  }
  const auto outcome = parse_outcome(last_line);
  if (!outcome || ending.status < exit_denied || ending.status > exit_unable) {
    return Outcome::unable("the probe ended with " + describe(ending) + " and said nothing");
  }
  static constexpr Outcome::Kind kinds[] = {Outcome::Kind::denied, Outcome::Kind::allowed,
                                            Outcome::Kind::absent, Outcome::Kind::unable};
  if (outcome->kind != kinds[ending.status - exit_denied]) {
    return Outcome::unable("the probe said \"" + last_line + "\" and ended with " +
                           describe(ending));
  }
  return *outcome;
}

int number_in(const std::string& text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

std::string describe(const Ending& ending) {
  if (ending.result == "timeout") return "a timeout";
  if (ending.code == CLD_KILLED || ending.code == CLD_DUMPED) return signal_name(ending.status);
  if (ending.code == CLD_EXITED) return "exit status " + exit_status_name(ending.status);
  return ending.result.empty() ? "no result" : ending.result;
}

CellRun::CellRun(LaunchContext& context, const CellJob& job)
    : context_(context), job_(job), is_single_mode_(job.without_runner) {}

// One dash, and no more: systemd looks for drop-ins of every part of a name that ends with one.
std::string CellRun::unit_name() {
  return "sandproof-" + context_.run_id + "." + job_.label + "." +
         std::to_string(context_.units_started++) + ".service";
}

std::vector<std::string> CellRun::probe_command(const Attempt& attempt) const {
  std::vector<std::string> command = {context_.probe_folder + "/" + attempt.probe};
  command.insert(command.end(), attempt.args.begin(), attempt.args.end());
  return command;
}

void CellRun::start() {
  if (is_single_mode_) {
    fall_back();
  } else {
    start_runner(0);
  }
}

bool CellRun::launch(Flight& flight, const std::vector<std::string>& command) {
  Flight* const raw = &flight;
  const std::string name = unit_name();
  flight.path = bus::Connection::unit_path(name);
  auto unit =
      TransientUnit::start(context_.manager, name, command, job_.properties,
                           {[this, raw](std::string_view chunk) { take_output(*raw, chunk); },
                            [this, raw](const Ending& ending) {
                              raw->deadline = bus::Watch();
                              if (is_single_mode_ && raw->attempt) {
                                single_ended(*raw, ending);
                              } else {
                                runner_ended(*raw, ending);
                              }
                            }});
  if (!unit) {
    report_.failure = unit.error().message;
    return false;
  }
  flight.unit = *std::move(unit);
  if (report_.refused.empty()) report_.refused = flight.unit->refused();
  return true;
}

void CellRun::start_runner(std::size_t first) {
  auto& flight = *flights_.emplace_back(std::make_unique<Flight>());
  flight.first = first;
  flight.sent = first;
  if (!launch(flight, {context_.probe_folder + "/runner"})) return fail_all(report_.failure);
  arm_deadline(flight, context_.set_up_limit);
}

void CellRun::arm_deadline(Flight& flight, std::chrono::milliseconds limit) {
  Flight* const raw = &flight;
  auto deadline = context_.manager.loop().after(limit, [raw] {
    raw->is_timed_out = true;
    raw->unit->kill();
  });
  if (deadline) flight.deadline = *std::move(deadline);
}

void CellRun::take_output(Flight& flight, std::string_view chunk) {
  flight.text += chunk;
  std::size_t end = 0;
  while ((end = flight.text.find('\n')) != std::string::npos) {
    const std::string line = flight.text.substr(0, end);
    flight.text.erase(0, end + 1);
    take_line(flight, line);
  }
}

void CellRun::take_line(Flight& flight, const std::string& line) {
  if (line == "ready" && !is_single_mode_ && !flight.attempt) return runner_is_ready(flight);
  if (line.starts_with('@') && !is_single_mode_) return runner_says(flight, line);
  if (line == "attempting") {
    flight.is_attempting = true;
    if (is_single_mode_) arm_deadline(flight, context_.attempt_limit);
  } else {
    flight.last_line = line;
  }
}

void CellRun::runner_is_ready(Flight& flight) {
  inspect_clone(flight);
  is_ready_ = true;
  feed_runner(flight);
}

void CellRun::inspect_clone(const Flight& flight) {
  if (!job_.tells_clone || !report_.clone.empty()) return;
  if (auto clone = context_.manager.service_properties(flight.unit->name())) {
    report_.clone = *std::move(clone);
  }
}

void CellRun::feed_runner(Flight& flight) {
  const std::size_t under_way = flight.attempt.value_or(flight.first);
  const std::size_t limit = std::min(job_.attempts.size(), under_way + attempts_ahead);
  std::string text;
  for (; flight.sent < limit; ++flight.sent) {
    for (const auto& word : probe_command(job_.attempts[flight.sent])) text += word + '\0';
    text += '\0';
  }
  flight.unit->write(text);
  if (flight.sent == job_.attempts.size()) flight.unit->close_input();
}

// "@begin N", "@end N exited 20", "@end N killed 31", "@nofork EPERM", "@broken …".
void CellRun::runner_says(Flight& flight, const std::string& line) {
  const auto fields = words(line);
  if (fields[0] == "@begin" && fields.size() == 2) {
    flight.attempt = flight.first + static_cast<std::size_t>(number_in(fields[1]));
    flight.is_attempting = false;
    flight.last_line.clear();
    arm_deadline(flight, context_.attempt_limit);
  } else if (fields[0] == "@end" && fields.size() == 4 && flight.attempt) {
    const Ending ending{{}, fields[2] == "killed" ? CLD_KILLED : CLD_EXITED, number_in(fields[3])};
    conclude(*flight.attempt, outcome_of(flight.last_line, flight.is_attempting, ending));
    feed_runner(flight);
    flight.attempt.reset();
  }
}

void CellRun::conclude(std::size_t index, Outcome outcome) {
  report_.outcomes.insert_or_assign(job_.attempts[index], std::move(outcome));
}

void CellRun::runner_ended(Flight& flight, const Ending& ending) {
  if (!is_ready_) {
    // A filter may kill the runner at its very first call; only a unit of its own says more.
    const bool was_running = ending.code == CLD_KILLED || ending.code == CLD_DUMPED;
    if (was_running && !flight.is_timed_out) return fall_back();
    return fail_all(flight.is_timed_out ? "it was not set up in time" : describe(ending));
  }
  if (report_.outcomes.size() >= job_.attempts.size()) {
    is_done_ = true;
    return;
  }
  if (flight.is_timed_out && flight.attempt) {
    conclude(*flight.attempt, Outcome::unable("timed out"));
    const std::size_t next = *flight.attempt + 1;
    if (next < job_.attempts.size()) return start_runner(next);
    is_done_ = true;
    return;
  }
  fall_back();
}

void CellRun::fall_back() {
  is_single_mode_ = true;
  report_.used_fallback = true;
  for (std::size_t i = 0; i < job_.attempts.size(); ++i) {
    if (!report_.outcomes.contains(job_.attempts[i])) waiting_.push_back(i);
  }
  std::reverse(waiting_.begin(), waiting_.end());
  is_ready_ = true;
  is_done_ = waiting_.empty();
  start_more_singles();
}

void CellRun::start_more_singles() {
  const auto in_flight = [this] {
    return static_cast<std::size_t>(std::count_if(
        flights_.begin(), flights_.end(),
        [](const auto& flight) { return flight->unit != nullptr && !flight->unit->has_ended(); }));
  };
  const std::size_t most = job_.one_by_one ? 1 : single_units_in_flight;
  while (!waiting_.empty() && in_flight() < most) {
    const std::size_t index = waiting_.back();
    waiting_.pop_back();
    start_single(index);
  }
  is_done_ = waiting_.empty() && in_flight() == 0;
}

void CellRun::start_single(std::size_t index) {
  auto& flight = *flights_.emplace_back(std::make_unique<Flight>());
  flight.attempt = index;
  if (!launch(flight, probe_command(job_.attempts[index]))) {
    conclude(index, Outcome::unable(report_.failure));
    return;
  }
  flight.unit->close_input();
  arm_deadline(flight, context_.set_up_limit);
}

void CellRun::single_ended(Flight& flight, const Ending& ending) {
  if (flight.is_timed_out) {
    conclude(*flight.attempt, Outcome::unable("timed out"));
  } else {
    // A success is not always told: it is what the properties begin with.
    Ending told = ending;
    if (told.code == 0 && told.result.empty()) told = {"success", CLD_EXITED, 0};
    conclude(*flight.attempt, outcome_of(flight.last_line, flight.is_attempting, told));
  }
  start_more_singles();
}

void CellRun::fail_all(const std::string& reason) {
  report_.failure = reason;
  for (const auto& attempt : job_.attempts) {
    report_.outcomes.try_emplace(attempt, Outcome::unable("the sandbox does not start: " + reason));
  }
  is_done_ = true;
}

CellRun::Flight* CellRun::flight_of(const std::string& path) {
  const auto found = std::find_if(flights_.begin(), flights_.end(),
                                  [&path](const auto& flight) { return flight->path == path; });
  return found == flights_.end() ? nullptr : found->get();
}

bool CellRun::properties_changed(const std::string& path, const Properties& changed) {
  Flight* const flight = flight_of(path);
  if (flight == nullptr || flight->unit == nullptr) return false;
  flight->unit->properties_changed(changed);
  return true;
}

bool CellRun::job_ended(const std::string& unit) {
  Flight* const flight = flight_of(bus::Connection::unit_path(unit));
  if (flight == nullptr || flight->unit == nullptr) return false;
  flight->unit->job_ended();
  return true;
}

}  // namespace sandproof::launch
