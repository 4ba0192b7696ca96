#include "check/trials.h"

#include <algorithm>
#include <set>

namespace sandproof {

namespace {

Effects all_the_same(const Trial& trial) {
  Effects effects;
  for (const auto index : trial.attempts) effects[index] = Effect::same;
  return effects;
}

}  // namespace

bool is_identity(const std::string& directive) {
  return directive == "User" || directive == "Group" || directive == "SupplementaryGroups";
}

bool is_flipped(Effect effect) { return effect == Effect::flipped || effect == Effect::gone; }

std::set<std::size_t> changed_by(const Effects& effects) {
  std::set<std::size_t> changed;
  for (const auto& [index, effect] : effects) {
    if (effect != Effect::same) changed.insert(index);
  }
  return changed;
}

std::vector<Attempt> Trials::attempts_of(const Trial& trial) const {
  std::set<Attempt> attempts;
  for (const auto index : trial.attempts) attempts.insert(result_.attempts[index].attempt);
  return {attempts.begin(), attempts.end()};
}

std::vector<EditedVariant> Trials::variants_of(const std::vector<Trial>& trials) const {
  std::vector<EditedVariant> variants;
  for (const auto& trial : trials) {
    EditedVariant variant{{"", trial.without}, {}};
    (trial.cell == Cell::sandboxed_root ? variant.attempts.root : variant.attempts.user) =
        attempts_of(trial);
    variants.push_back(std::move(variant));
  }
  return variants;
}

Result<std::vector<Effects>> Trials::run(const std::vector<Trial>& trials) {
  const auto outcomes = scene_.run_edited(variants_of(trials));
  if (!outcomes) return outcomes.error();
  std::vector<Effects> effects;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const auto& both = outcomes->at(i);
    const bool is_of_root = trials[i].cell == Cell::sandboxed_root;
    effects.push_back(both ? effects_of(trials[i], is_of_root ? both->root : both->user)
                           : all_the_same(trials[i]));
  }
  return effects;
}

Result<std::vector<Effects>> Trials::run_first_starts(const std::vector<Trial>& trials) {
  const auto outcomes = scene_.run_first_starts(variants_of(trials));
  if (!outcomes) return outcomes.error();
  std::vector<Effects> effects;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const auto& seen = outcomes->at(i);
    effects.push_back(seen ? effects_of(trials[i], *seen) : all_the_same(trials[i]));
  }
  return effects;
}

bool Trials::is_promised(std::size_t attempt, const Names& directives) const {
  const auto& of_attempt = result_.attempts[attempt].directives;
  return std::any_of(of_attempt.begin(), of_attempt.end(),
                     [&directives](const std::string& name) { return directives.contains(name); });
}

Effects Trials::effects_of(const Trial& trial, const CellOutcomes& outcomes) const {
  Effects effects;
  for (const auto index : trial.attempts) effects[index] = effect_on(index, trial, outcomes);
  return effects;
}

Effect Trials::effect_on(std::size_t index, const Trial& trial,
                         const CellOutcomes& outcomes) const {
  const auto& attempt = result_.attempts[index];
  if (!outcomes.failure.empty()) {
    const bool is_gone = attempt.must == Must::allowed && is_promised(index, trial.without);
    return is_gone ? Effect::gone : Effect::unknown;
  }
  const auto found = outcomes.outcomes.find(attempt.attempt);
  if (found == outcomes.outcomes.end() || found->second.is_unable()) return Effect::unknown;
  const auto& before = trial.cell == Cell::sandboxed_root ? attempt.square.sandboxed_root
                                                          : attempt.square.sandboxed_user;
  return found->second.is_allowed() == before.is_allowed() ? Effect::same : Effect::flipped;
}

}  // namespace sandproof
