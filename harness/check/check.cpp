#include "check/check.h"

#include <optional>

#include "check/ablate.h"
#include "check/behind_filter.h"
#include "check/expectations.h"
#include "check/fidelity.h"
#include "check/loads.h"
#include "check/remedies.h"
#include "check/reproduce.h"
#include "check/scene.h"
#include "check/user_manager.h"
#include "judge/judge.h"
#include "unit/pristine.h"

namespace sandproof {

namespace {

CheckResult facts_of(const Manager& manager, const LoadedUnit& loaded) {
  CheckResult result;
  result.manager = manager.facts();
  result.unit = loaded.unit.name;
  result.files = loaded.unit.files;
  result.user = loaded.unit.user().empty() ? "root" : loaded.unit.user();
  result.notes = loaded.notes;
  result.sources = loaded.sources;
  result.exempt = loaded.unit.exempt;
  result.not_of_the_sandbox = loaded.unit.not_of_the_sandbox;
  return result;
}

Result<CheckResult> check_loaded(Manager& manager, LoadedUnit loaded, const CheckOptions& options) {
  CheckResult result = facts_of(manager, loaded);
  options.progress("preparing " + result.unit);
  auto scene = Scene::set(manager, std::move(loaded), {options.probes, options.without_runner});
  if (!scene) return scene.error();
  result.prepared = (*scene)->prepared();
  result.staged = (*scene)->staged();

  Plan plan = plan_of((*scene)->unit(), (*scene)->subject());
  const auto attempts = plan.attempts();
  options.progress(std::to_string(attempts.size()) + " attempts on " + result.unit);
  const auto squares = (*scene)->run(attempts);
  if (!squares) return squares.error();
  result.notes.insert(result.notes.end(), squares->notes.begin(), squares->notes.end());
  result.uncopied = squares->uncopied;

  const auto square_of = [&squares](const Attempt& attempt) {
    return squares->squares.at(attempt);
  };
  for (auto& note : notes_on_limits(plan, square_of)) result.notes.push_back(std::move(note));
  result.directives = std::move(plan.directives);
  result.attempts = merge(plan.expectations, square_of);
  withdraw_uncopied(result);
  const auto subject = (*scene)->subject();
  for (auto& attempt : result.attempts) {
    attempt.reproduce = reproduce_line(subject, (*scene)->unit(), attempt.attempt, options.probes,
                                       attempt.is_shown_by_root());
  }
  const auto looked = look_behind_filter(**scene, plan.expectations, options.probes, result);
  if (!looked) return looked.error();
  const auto remedies = [&] { return find_remedies(**scene, plan.expectations, result); };
  std::optional<Ablations> ablations;
  if (options.ablate) {
    options.progress("taking directives away from " + result.unit);
    auto ablated = ablate(**scene, result, remedies);
    if (!ablated) return ablated.error();
    ablations = *std::move(ablated);
  } else if (auto found = remedies(); !found) {
    return found.error();
  }
  conclude(result);
  const auto fidelity = notes_on_fidelity(result);
  result.notes.insert(result.notes.end(), fidelity.begin(), fidelity.end());
  const auto of_a_user = notes_on_user_manager(**scene, result);
  if (!of_a_user) return of_a_user.error();
  result.notes.insert(result.notes.end(), of_a_user->begin(), of_a_user->end());
  if (ablations) conclude_loads(*ablations, result);
  return result;
}

}  // namespace

Result<CheckResult> check_unit(Manager& manager, const std::string& unit,
                               const CheckOptions& options) {
  options.progress("loading " + unit);
  auto pristine = find_pristine(manager);
  if (!pristine) return pristine.error().with_prefix("cannot check " + unit);
  auto loaded = load_unit(manager, unit, pristine->properties);
  if (!loaded) return loaded.error();
  for (const auto& drop_in : pristine->global_drop_ins) {
    loaded->notes.push_back(drop_in +
                            " applies to every service, so the bare cells are not bare of it");
  }
  auto result = check_loaded(manager, *std::move(loaded), options);
  if (!result) return result.error().with_prefix("cannot check " + unit);
  return result;
}

}  // namespace sandproof
