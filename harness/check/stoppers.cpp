#include "check/stoppers.h"

#include <algorithm>
#include <iterator>

namespace sandproof {

namespace {

// A directive alone, and the attempts that it may stop.
struct Sole {
  std::string name;
  Cell cell = Cell::sandboxed_user;
  Indices attempts;
};

Names all_but(const Names& names, const StopperSearch& search) {
  Names taken_away;
  std::copy_if(search.directives.begin(), search.directives.end(),
               std::inserter(taken_away, taken_away.end()), [&](const std::string& name) {
                 return !names.contains(name) && !search.kept.contains(name);
               });
  return taken_away;
}

Result<void> try_soles(Trials& trials, const StopperSearch& search, const std::vector<Sole>& soles,
                       Stoppers& stoppers) {
  std::vector<Trial> alone;
  for (const auto& sole : soles) {
    alone.push_back({all_but({sole.name}, search), sole.cell, sole.attempts});
  }
  const auto effects = trials.run(alone);
  if (!effects) return effects.error();
  for (std::size_t i = 0; i < soles.size(); ++i) {
    for (const auto& [index, effect] : effects->at(i)) {
      if (effect == Effect::same) stoppers[index].insert(soles[i].name);
    }
  }
  return {};
}

}  // namespace

Result<Stoppers> find_stoppers(Trials& trials, const StopperSearch& search,
                               const std::map<Cell, Indices>& attempts) {
  std::vector<Names> in_force = {{}};
  const auto groups = slices(search.candidates);
  in_force.insert(in_force.end(), groups.begin(), groups.end());
  std::vector<Trial> together;
  for (const auto& [cell, indices] : attempts) {
    if (indices.empty()) continue;
    for (const auto& names : in_force) together.push_back({all_but(names, search), cell, indices});
  }
  const auto effects = trials.run(together);
  if (!effects) return effects.error();
  Stoppers stoppers;
  std::vector<Sole> soles;
  for (std::size_t i = 0; i < together.size(); ++i) {
    const auto& names = in_force[i % in_force.size()];
    Indices stopped;
    for (const auto& [index, effect] : effects->at(i)) {
      if (names.empty() && effect != Effect::same) stoppers[index];
      if (effect != Effect::flipped && stoppers.contains(index)) stopped.push_back(index);
    }
    if (stopped.empty()) continue;
    for (const auto& name : names) soles.push_back({name, together[i].cell, stopped});
  }
  if (auto done = try_soles(trials, search, soles, stoppers); !done) return done.error();
  return stoppers;
}

}  // namespace sandproof
