#include "check/stoppers.h"

#include <algorithm>
#include <iterator>

namespace sandproof {

namespace {

// Some directives in force, and the trial of it.
struct InForce {
  const StopperSearch* search = nullptr;
  Names names;
  Trial trial;
  // Not tried with all of the names, since one of them promises to stop them.
  Indices presumed = {};
};

// With nothing in force but the names and what is kept.
InForce only(const StopperSearch& search, const Names& names, const Indices& attempts) {
  Names taken_away;
  std::copy_if(search.directives.begin(), search.directives.end(),
               std::inserter(taken_away, taken_away.end()), [&](const std::string& name) {
                 return !names.contains(name) && !search.kept.contains(name);
               });
  return {&search, names, {std::move(taken_away), search.cell, attempts}, {}};
}

Result<std::vector<Effects>> run(Trials& trials, const std::vector<InForce>& all) {
  std::vector<Trial> of_all;
  for (const auto& each : all) of_all.push_back(each.trial);
  return trials.run(of_all);
}

// None of the candidates, and some of them together.
std::vector<InForce> together(const Trials& trials, const StopperSearch& search) {
  if (search.attempts.empty()) return {};
  std::vector<InForce> result = {only(search, {}, search.attempts)};
  for (const auto& slice : search.slices) {
    Indices open;
    Indices presumed;
    for (const auto index : search.attempts) {
      (trials.is_promised(index, slice) ? presumed : open).push_back(index);
    }
    result.push_back(only(search, slice, open));
    result.back().presumed = std::move(presumed);
  }
  return result;
}

}  // namespace

Result<FoundStoppers> find_stoppers(Trials& trials, const std::vector<StopperSearch>& searches) {
  std::vector<InForce> groups;
  for (const auto& search : searches) {
    for (auto& group : together(trials, search)) groups.push_back(std::move(group));
  }
  const auto of_groups = run(trials, groups);
  if (!of_groups) return of_groups.error();
  FoundStoppers found;
  auto& stoppers = found.stoppers;
  std::vector<InForce> soles;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto& [search, names, trial, presumed] = groups[i];
    Indices stopped;
    std::copy_if(presumed.begin(), presumed.end(), std::back_inserter(stopped),
                 [&stoppers](std::size_t index) { return stoppers.contains(index); });
    for (const auto& [index, effect] : of_groups->at(i)) {
      if (names.empty() && effect != Effect::same) stoppers[index];
      if (effect != Effect::flipped && stoppers.contains(index)) stopped.push_back(index);
    }
    if (stopped.empty()) continue;
    for (const auto& name : names) soles.push_back(only(*search, {name}, stopped));
  }
  const auto of_soles = run(trials, soles);
  if (!of_soles) return of_soles.error();
  for (std::size_t i = 0; i < soles.size(); ++i) {
    for (const auto& [index, effect] : of_soles->at(i)) {
      if (effect == Effect::same) stoppers[index].insert(*soles[i].names.begin());
      if (effect == Effect::unknown) found.unclear.insert(index);
    }
  }
  return found;
}

}  // namespace sandproof
