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

bool is_promised_by(const AttemptResult& attempt, const Names& names) {
  return std::any_of(attempt.directives.begin(), attempt.directives.end(),
                     [&names](const std::string& name) { return names.contains(name); });
}

}  // namespace

// Nothing for a trial whose directives change nothing.
Result<std::vector<std::optional<Settings>>> Trials::settings_of(
    const std::vector<Trial>& trials) const {
  std::map<Names, std::optional<Settings>> known;
  std::vector<Edit> edits;
  for (const auto& trial : trials) {
    if (trial.without.empty()) {
      known[trial.without] = scene_.unit().settings;
    } else if (known.try_emplace(trial.without).second) {
      edits.push_back({"", trial.without});
    }
  }
  auto edited = scene_.edited_settings(edits);
  if (!edited) return edited.error();
  for (std::size_t i = 0; i < edits.size(); ++i) {
    known[edits[i].removed] = std::move(edited->at(i));
  }
  std::vector<std::optional<Settings>> settings;
  for (const auto& trial : trials) settings.push_back(known.at(trial.without));
  return settings;
}

std::vector<Attempt> Trials::attempts_of(const Trial& trial) const {
  std::set<Attempt> attempts;
  for (const auto index : trial.attempts) attempts.insert(result_.attempts[index].attempt);
  return {attempts.begin(), attempts.end()};
}

Result<std::vector<Effects>> Trials::run(const std::vector<Trial>& trials) {
  const auto settings = settings_of(trials);
  if (!settings) return settings.error();
  std::vector<Variant> variants;
  std::vector<Effects> effects;
  std::vector<std::size_t> made;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    effects.push_back(all_the_same(trials[i]));
    if (!settings->at(i)) continue;
    Variant variant{*settings->at(i), {}};
    (trials[i].cell == Cell::sandboxed_root ? variant.attempts.root : variant.attempts.user) =
        attempts_of(trials[i]);
    variants.push_back(std::move(variant));
    made.push_back(i);
  }
  const auto outcomes = scene_.run_variants(variants);
  if (!outcomes) return outcomes.error();
  for (std::size_t i = 0; i < made.size(); ++i) {
    const auto& trial = trials[made[i]];
    const auto& both = outcomes->at(i);
    effects[made[i]] =
        effects_of(trial, trial.cell == Cell::sandboxed_root ? both.root : both.user);
  }
  return effects;
}

Result<std::vector<Effects>> Trials::run_first_starts(const std::vector<Trial>& trials) {
  const auto settings = settings_of(trials);
  if (!settings) return settings.error();
  std::vector<Effects> effects;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    effects.push_back(all_the_same(trials[i]));
    if (!settings->at(i)) continue;
    const auto outcomes = scene_.run_first_start(*settings->at(i), attempts_of(trials[i]));
    if (!outcomes) return outcomes.error();
    effects.back() = effects_of(trials[i], *outcomes);
  }
  return effects;
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
    // What a directive permits is gone where the unit does not even start without it.
    const bool is_gone = attempt.must == Must::allowed && is_promised_by(attempt, trial.without);
    return is_gone ? Effect::flipped : Effect::unknown;
  }
  const auto found = outcomes.outcomes.find(attempt.attempt);
  if (found == outcomes.outcomes.end() || found->second.is_unable()) return Effect::unknown;
  const auto& before = trial.cell == Cell::sandboxed_root ? attempt.square.sandboxed_root
                                                          : attempt.square.sandboxed_user;
  return found->second.is_allowed() == before.is_allowed() ? Effect::same : Effect::flipped;
}

}  // namespace sandproof
