#include "launch/launcher.h"

#include "base/random.h"
#include "launch/batches.h"
#include "launch/lanes.h"

namespace sandproof::launch {

Launcher::Launcher(Manager& manager, std::string probe_folder)
    : context_{manager, random_name(), std::move(probe_folder)} {}

Result<void> Launcher::side_by_side(const std::vector<Lane>& lanes) {
  Lanes all(context_, lanes);
  lanes_ = &all;
  auto done = all.run();
  lanes_ = nullptr;
  return done;
}

Result<Reports> Launcher::run_late(const std::vector<LateJob>& jobs) {
  if (lanes_ != nullptr) return lanes_->run(jobs);
  std::optional<Reports> reports;
  const auto done = side_by_side({[&]() -> Result<void> {
    auto result = lanes_->run(jobs);
    if (!result) return result.error();
    reports = *std::move(result);
    return {};
  }});
  if (!done) return done.error();
  return *std::move(reports);
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
