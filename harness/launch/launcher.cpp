#include "launch/launcher.h"

#include <algorithm>
#include <optional>

#include "base/random.h"

namespace sandproof::launch {

namespace {

// More than the cores of most machines: a unit's start waits for the kernel more than it computes.
constexpr std::size_t cells_in_flight = 8;
// Each attempt has its own deadline; this one is for what nobody thought of. Where each attempt is
// a unit of its own, an emulated machine makes two or three of them in a second.
constexpr auto run_limit = std::chrono::minutes(5);
constexpr auto run_limit_of_each_attempt = std::chrono::seconds(2);

// What is to run at one place, and runs there once it was asked for and started.
struct Place {
  bool is_asked = false;
  bool is_started = false;
  std::optional<CellJob> job;
  std::optional<CellRun> cell;

  bool is_idle() const { return is_asked && !job; }
  bool is_ready() const { return is_idle() || (is_started && cell->is_ready()); }
  bool is_over() const { return is_idle() || (is_started && cell->is_done()); }
};

class Run {
 public:
  Run(LaunchContext& context, const std::vector<LateJob>& jobs)
      : context_(context), jobs_(jobs), places_(jobs.size()) {}

  Result<std::vector<std::optional<CellReport>>> to_its_end() {
    auto& bus = context_.manager.bus();
    bus.on_change([this](const std::string& path, const Properties& changed) {
      for (auto& place : places_) {
        if (place.cell && place.cell->properties_changed(path, changed)) return;
      }
    });
    bus.on_job_end([this](const std::string& unit, const std::string&) {
      for (auto& place : places_) {
        if (place.cell && place.cell->job_ended(unit)) return;
      }
    });
    const auto ended = context_.manager.loop().run_until([this] { return go_on(); }, limit());
    bus.on_change({});
    bus.on_job_end({});
    if (!ended) return ended.error();
    if (!*ended) return cannot_run("the cells did not end in time");
    if (error_) return *error_;
    if (!bus.is_open()) return cannot_run("systemd ended in the middle of the run");
    std::vector<std::optional<CellReport>> reports(places_.size());
    for (std::size_t i = 0; i < places_.size(); ++i) {
      if (places_[i].cell) reports[i] = places_[i].cell->take_report();
    }
    return reports;
  }

 private:
  std::chrono::milliseconds limit() const {
    std::chrono::milliseconds limit = run_limit;
    for (const auto& job : jobs_) limit += job.attempts * run_limit_of_each_attempt;
    return limit;
  }

  // Starts what can be started; whether all is over.
  bool go_on() {
    if (!context_.manager.bus().is_open()) return true;
    start_what_can();
    return error_ || std::all_of(places_.begin(), places_.end(),
                                 [](const Place& place) { return place.is_over(); });
  }

  void start_what_can() {
    auto in_flight = static_cast<std::size_t>(
        std::count_if(places_.begin(), places_.end(),
                      [](const Place& place) { return place.is_started && !place.is_over(); }));
    for (std::size_t i = 0; i < places_.size() && in_flight < cells_in_flight && !error_; ++i) {
      auto& place = places_[i];
      if (!place.is_asked) ask(i);
      if (!place.cell || place.is_started) continue;
      if (place.job->after && !places_[*place.job->after].is_ready()) continue;
      place.is_started = true;
      ++in_flight;
      place.cell->start();
    }
  }

  void ask(std::size_t i) {
    auto job = jobs_[i].job();
    if (!job) {
      error_ = job.error();
      return;
    }
    places_[i].is_asked = true;
    places_[i].job = *std::move(job);
    if (places_[i].job) places_[i].cell.emplace(context_, *places_[i].job);
  }

  LaunchContext& context_;
  const std::vector<LateJob>& jobs_;
  // Not moved: a cell's callbacks hold its address.
  std::vector<Place> places_;
  std::optional<Error> error_;
};

}  // namespace

Launcher::Launcher(Manager& manager, std::string probe_folder)
    : context_{manager, random_name(), std::move(probe_folder)} {}

Result<std::vector<std::optional<CellReport>>> Launcher::run_late(
    const std::vector<LateJob>& jobs) {
  return Run(context_, jobs).to_its_end();
}

Result<std::vector<CellReport>> Launcher::run(const std::vector<CellJob>& jobs) {
  std::vector<LateJob> late;
  for (const auto& job : jobs) {
    late.push_back({job.attempts.size(), [&job] { return std::optional(job); }});
  }
  auto reports = run_late(late);
  if (!reports) return reports.error();
  std::vector<CellReport> result;
  for (auto& report : *reports) result.push_back(*std::move(report));
  return result;
}

}  // namespace sandproof::launch
