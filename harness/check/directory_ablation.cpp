#include "check/directory_ablation.h"

#include <optional>

#include "check/directory_groups.h"

namespace sandproof {

namespace {

// What flipped without the directives of a group → the one that bears it. Nothing where that cannot
// be told, as where the unit does not start at all.
std::optional<std::map<std::size_t, std::string>> borne_by(const Names& group,
                                                           const Effects& effects,
                                                           const std::set<std::size_t>& unstable,
                                                           const guarantee::Subject& subject,
                                                           const CheckResult& result) {
  std::map<std::size_t, std::string> borne;
  for (const auto& [index, effect] : effects) {
    if (group.size() > 1 && (effect == Effect::gone || effect == Effect::unknown)) return {};
    if (!is_flipped(effect) || unstable.contains(index)) continue;
    const auto name = group.size() == 1
                          ? std::optional(*group.begin())
                          : directive_of_directory(result.attempts[index].attempt, group,
                                                   subject.settings, subject.parents);
    if (!name) return {};
    borne.emplace(index, *name);
  }
  return borne;
}

}  // namespace

Result<Bearing> bearing_directories(const Scene& scene, Trials& trials, const CheckResult& result,
                                    const Names& names, const Indices& attempts) {
  Bearing bearing;
  if (names.empty() || attempts.empty()) return bearing;
  const auto subject = scene.subject();
  const auto without = [&attempts](Names group) {
    return Trial{std::move(group), Cell::sandboxed_user, attempts};
  };
  std::vector<Trial> starts = {without({})};
  for (auto& group : groups_of_different_directories(names)) {
    starts.push_back(without(std::move(group)));
  }
  const auto effects = trials.run_first_starts(starts);
  if (!effects) return effects.error();
  const auto unstable = changed_by(effects->front());
  const auto take = [&](const Trial& start, const Effects& seen) {
    const auto borne = borne_by(start.without, seen, unstable, subject, result);
    if (!borne) return false;
    for (const auto& [index, name] : *borne) bearing[index].insert(name);
    return true;
  };
  std::vector<Trial> again;
  for (std::size_t i = 1; i < starts.size(); ++i) {
    if (take(starts[i], effects->at(i))) continue;
    for (const auto& name : starts[i].without) again.push_back(without({name}));
  }
  const auto of_each = trials.run_first_starts(again);
  if (!of_each) return of_each.error();
  for (std::size_t i = 0; i < again.size(); ++i) take(again[i], of_each->at(i));
  return bearing;
}

}  // namespace sandproof
