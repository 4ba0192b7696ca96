#include "launch/launcher.h"

#include <algorithm>
#include <deque>

#include "base/random.h"

namespace sandproof::launch {

namespace {

// More than the cores of most machines: a unit's start waits for the kernel more than it computes.
constexpr std::size_t cells_in_flight = 8;
// Each attempt has its own deadline; this one is for what nobody thought of. Where each attempt is
// a unit of its own, an emulated machine makes two or three of them in a second.
constexpr auto run_limit = std::chrono::minutes(5);
constexpr auto run_limit_of_each_attempt = std::chrono::seconds(2);

}  // namespace

Launcher::Launcher(Manager& manager, std::string probe_folder)
    : context_{manager, random_name(), std::move(probe_folder)} {}

Result<std::vector<CellReport>> Launcher::run(const std::vector<CellJob>& jobs) {
  // A deque, since a cell's callbacks hold its address.
  std::deque<CellRun> cells;
  for (const auto& job : jobs) cells.emplace_back(context_, job);
  std::vector<bool> is_started(jobs.size(), false);

  auto& bus = context_.manager.bus();
  bus.on_change([&cells](const std::string& path, const Properties& changed) {
    for (auto& cell : cells) {
      if (cell.properties_changed(path, changed)) return;
    }
  });
  bus.on_job_end([&cells](const std::string& unit, const std::string&) {
    for (auto& cell : cells) {
      if (cell.job_ended(unit)) return;
    }
  });

  const auto start_what_can = [&] {
    std::size_t in_flight = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (is_started[i] && !cells[i].is_done()) ++in_flight;
    }
    for (std::size_t i = 0; i < cells.size() && in_flight < cells_in_flight; ++i) {
      if (is_started[i] || (jobs[i].after && !cells[*jobs[i].after].is_ready())) continue;
      is_started[i] = true;
      ++in_flight;
      cells[i].start();
    }
  };
  const auto is_over = [&] {
    if (!bus.is_open()) return true;
    start_what_can();
    return std::all_of(cells.begin(), cells.end(),
                       [](const CellRun& cell) { return cell.is_done(); });
  };
  std::chrono::milliseconds limit = run_limit;
  for (const auto& job : jobs) limit += job.attempts.size() * run_limit_of_each_attempt;
  const auto ended = context_.manager.loop().run_until(is_over, limit);
  bus.on_change({});
  bus.on_job_end({});
  if (!ended) return ended.error();
  if (!*ended) return cannot_run("the cells did not end in time");
  if (!bus.is_open()) return cannot_run("systemd ended in the middle of the run");

  std::vector<CellReport> reports;
  for (auto& cell : cells) reports.push_back(cell.take_report());
  return reports;
}

}  // namespace sandproof::launch
