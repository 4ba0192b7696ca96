#include "check/merged_trials.h"

#include <algorithm>

namespace sandproof {

MergedTrials::MergedTrials(const std::vector<Trial>& trials, const Names& in_force, Stoppers known,
                           const std::set<std::size_t>& unclear)
    : filters_(in_force), known_(std::move(known)), unclear_(unclear) {
  for (const auto& trial : trials) add(trial);
}

bool MergedTrials::is_shown_by_itself(const Trial& trial, std::size_t index) const {
  const auto& without = trial.without;
  // As another user, an attempt is another.
  if (without.empty() || std::any_of(without.begin(), without.end(), is_identity)) return true;
  if (unclear_.contains(index)) return true;
  const auto stoppers = known_.find(index);
  if (stoppers == known_.end()) return !filters_.are_all_of(without);
  return Filters::change_the_way(without) && stoppers->second.empty();
}

void MergedTrials::add(const Trial& trial) {
  const auto& [without, cell, attempts] = trial;
  // There is a cell of its own in any case, and it shows all that no filter stops.
  const bool is_run_itself = std::any_of(attempts.begin(), attempts.end(), [&](std::size_t index) {
    return is_shown_by_itself(trial, index);
  });
  auto& shown_by = shown_by_.emplace_back();
  for (const auto index : attempts) {
    const auto found = known_.find(index);
    const Names stoppers = found != known_.end() ? found->second : Names();
    const bool is_filtered = filters_.stop(stoppers);
    if (is_shown_by_itself(trial, index) || (is_run_itself && !is_filtered)) {
      shown_by[index] = cell_with(index, cell, without);
      continue;
    }
    const auto taken_away = filters_.taken_away_for(without, stoppers);
    shown_by[index] =
        taken_away ? std::optional(cell_with(index, cell, *taken_away)) : std::nullopt;
    if (!is_filtered && taken_away != without) {
      unfiltered_[index] = cell_with(index, cell, filters_.names());
    }
  }
}

std::size_t MergedTrials::cell_with(std::size_t index, Cell cell, const Names& without) {
  const auto [found, is_new] = numbers_.try_emplace({cell, without}, cells_.size());
  if (is_new) cells_.push_back({without, cell, {}});
  auto& attempts = cells_[found->second].attempts;
  if (std::find(attempts.begin(), attempts.end(), index) == attempts.end()) {
    attempts.push_back(index);
  }
  return found->second;
}

std::vector<Effects> MergedTrials::effects_of(const std::vector<Effects>& of_cells) const {
  std::vector<Effects> result;
  for (const auto& shown_by : shown_by_) {
    auto& effects = result.emplace_back();
    for (const auto& [index, cell] : shown_by) {
      effects[index] = cell ? of_cells[*cell].at(index) : Effect::same;
    }
  }
  return result;
}

std::set<std::size_t> MergedTrials::contradicted_by(const std::vector<Effects>& of_cells) const {
  std::set<std::size_t> contradicted;
  for (const auto& [index, cell] : unfiltered_) {
    if (of_cells[cell].at(index) != Effect::same) contradicted.insert(index);
  }
  return contradicted;
}

}  // namespace sandproof
