#include "check/scene.h"

#include <algorithm>

#include "launch/clone.h"
#include "manager/places.h"
#include "unit/known.h"
#include "unit/prepare.h"

namespace sandproof {

using launch::CellJob;
using launch::CellReport;
using launch::Directories;
using launch::LateJob;

Result<std::unique_ptr<Scene>> Scene::set(Manager& manager, LoadedUnit loaded,
                                          const Options& options) {
  std::unique_ptr<Scene> scene(new Scene(manager, std::move(loaded)));
  scene->without_runner_ = options.without_runner;
  auto prepared = prepare(manager, scene->unit());
  if (!prepared) return prepared.error();
  scene->prepared_ = manager.made();
  scene->prepared_.insert(scene->prepared_.end(), prepared->begin(), prepared->end());
  auto stage = launch::Stage::make(manager, scene->unit().settings, options.probes);
  if (!stage) return stage.error();
  scene->stage_.emplace(*std::move(stage));
  scene->launcher_.emplace(manager, scene->stage_->folder());
  if (auto found = scene->find_identity(); !found) return found.error();
  scene->find_directories();
  auto bystanders = launch::Bystanders::start(scene->launcher_->context(), scene->user_);
  if (!bystanders) return bystanders.error();
  scene->bystanders_ = *std::move(bystanders);
  return scene;
}

Result<void> Scene::find_identity() {
  const Settings& settings = unit().settings;
  if (!unit().manager_user.empty()) return {};
  user_ = {settings.text("User"), settings.text("Group"), settings.texts("SupplementaryGroups")};
  if (!unit().dynamic_user()) return {};
  auto holder = launch::DynamicUserHolder::start(launcher_->context(), unit().user());
  if (!holder) return holder.error();
  holder_ = *std::move(holder);
  user_.user = holder_->identity().user;
  user_.group = holder_->identity().group;
  if (!manager_.is_disposable()) return {};
  return name_dynamic_user(manager_, user_.user, user_.group);
}

void Scene::find_directories() {
  for (auto& path :
       launch::places_of_directories(unit().settings, manager_.folders().directories)) {
    if (!manager_.files().exists(path)) directories_to_make_.push_back(std::move(path));
  }
}

std::vector<std::string> Scene::staged() const {
  return launch::describe(stage_->additions(unit().settings));
}

guarantee::Subject Scene::subject() const {
  return {unit().settings, manager_.facts().systemd, unit().user(), bystanders_->facts(),
          // Everybody may write there, in every sandbox but one that says otherwise of it by name.
          "/dev/shm", [this](const std::string& path) { return manager_.files().exists(path); },
          [places = Places(manager_)](const std::string& path) { return places.of(path); },
          stage_->privileged_folder(), own_directories() == Directories::own,
          manager_.folders().directories, manager_.folders().home};
}

// One cell of a disposable manager makes the unit's own directories; on a machine none does.
Directories Scene::own_directories() const {
  return manager_.is_disposable() ? Directories::own : Directories::writable;
}

// An ablation of DynamicUser= keeps the user that it gave.
Settings Scene::with_user_of_the_unit(const Settings& settings) const {
  if (user_.user.empty() || !unit().dynamic_user() || settings.boolean("DynamicUser") ||
      settings.text("User").empty()) {
    return settings;
  }
  return settings.with("User", Value::text(user_.user)).with("Group", Value::text(user_.group));
}

CellJob Scene::bare_job(const std::string& label, const launch::Identity& identity,
                        const std::vector<Attempt>& attempts) const {
  return {label, launch::bare_properties(identity), attempts, {}, without_runner_};
}

CellJob Scene::sandboxed_job(const Settings& variant, bool as_root, Directories directories,
                             const std::vector<Attempt>& attempts) const {
  const Settings settings = with_user_of_the_unit(variant);
  const launch::CloneOptions options{as_root, directories, manager_.folders().directories};
  CellJob job{as_root ? "sandboxed_root" : "sandboxed_user",
              launch::sandboxed_properties(settings, options),
              attempts,
              {},
              without_runner_};
  for (auto& addition : stage_->additions(settings)) job.properties.push_back(std::move(addition));
  return job;
}

namespace {

Outcome outcome_in(const CellReport& report, const Attempt& attempt) {
  const auto found = report.outcomes.find(attempt);
  return found != report.outcomes.end() ? found->second : Outcome::unable("was not made");
}

}  // namespace

// RLIMIT_NPROC counts a user's processes on the whole machine: cells, and attempts, beside each
// other would take them from one another.
Result<std::vector<std::optional<CellReport>>> Scene::launch_late(
    const std::vector<LateJob>& jobs) {
  if (!unit().settings.is_changed("LimitNPROC")) return launcher_->run_late(jobs);
  std::vector<std::optional<CellReport>> reports;
  for (const auto& late : jobs) {
    const auto alone = [&late] {
      auto job = late.job();
      if (job && *job) {
        (*job)->after.reset();
        (*job)->one_by_one = true;
      }
      return job;
    };
    auto report = launcher_->run_late({{late.attempts, alone}});
    if (!report) return report.error();
    reports.push_back(std::move(report->front()));
  }
  return reports;
}

Result<std::vector<CellReport>> Scene::launch_cells(const std::vector<CellJob>& jobs) {
  std::vector<LateJob> late;
  for (const auto& job : jobs) {
    late.push_back({job.attempts.size(), [&job] { return std::optional(job); }});
  }
  auto reports = launch_late(late);
  if (!reports) return reports.error();
  std::vector<CellReport> result;
  for (auto& report : *reports) result.push_back(*std::move(report));
  return result;
}

Result<Squares> Scene::run(const std::vector<Attempt>& attempts) {
  std::vector<CellJob> jobs = {
      sandboxed_job(unit().settings, false, own_directories(), attempts),
      bare_job(runs_as_root() ? "bare_root" : "bare_user", user_, attempts)};
  if (has_root_cells()) {
    jobs.push_back(bare_job("bare_root", {}, attempts));
    jobs.push_back(sandboxed_job(unit().settings, true, Directories::writable, attempts));
  }
  jobs[0].tells_clone = true;
  // The first makes the unit's own directories, and they are there or not for all the others alike.
  if (!sandproof::own_directories(unit().settings, {}).empty()) {
    for (std::size_t i = 1; i < jobs.size(); ++i) jobs[i].after = 0;
  }
  const auto reports = launch_cells(jobs);
  if (!reports) return reports.error();
  const CellReport& sandboxed_user = reports->at(0);
  const CellReport& bare_user = reports->at(1);
  const CellReport& bare_root = has_root_cells() ? reports->at(2) : bare_user;
  const CellReport& sandboxed_root = has_root_cells() ? reports->at(3) : sandboxed_user;
  if (!sandboxed_user.failure.empty()) {
    return cannot_run("its sandbox cannot be set up: " + sandboxed_user.failure +
                      " (sandproof explain tells which directive it is)");
  }
  Squares result;
  for (const auto& attempt : attempts) {
    Square square{outcome_in(bare_user, attempt), outcome_in(bare_root, attempt),
                  outcome_in(sandboxed_user, attempt), outcome_in(sandboxed_root, attempt)};
    if (!unit().manager_user.empty()) {
      square.bare_root = square.sandboxed_root =
          Outcome::unable("a user manager runs nothing as root");
    }
    result.squares.emplace(attempt, std::move(square));
  }
  tell_differences(sandboxed_user, result);
  return result;
}

namespace {

std::vector<Attempt> all_of(const SandboxedAttempts& attempts) {
  std::vector<Attempt> all = attempts.user;
  std::copy_if(attempts.root.begin(), attempts.root.end(), std::back_inserter(all),
               [&attempts](const Attempt& attempt) {
                 const auto& user = attempts.user;
                 return std::find(user.begin(), user.end(), attempt) == user.end();
               });
  return all;
}

CellOutcomes outcomes_of(const CellReport& report) { return {report.outcomes, report.failure}; }

}  // namespace

void Scene::add_cells_of(const SandboxedAttempts& attempts, const SettingsOf& settings,
                         std::optional<SandboxedOutcomes>& outcomes,
                         std::vector<SandboxedCell>& cells) const {
  const auto add = [&](const std::vector<Attempt>& of_cell, bool as_root,
                       const std::function<void(const CellOutcomes&)>& take) {
    if (of_cell.empty()) return;
    const auto job = [=, this]() -> Result<std::optional<CellJob>> {
      const auto of_variant = settings();
      if (!of_variant) return of_variant.error();
      if (!*of_variant) return std::optional<CellJob>();
      return std::optional(sandboxed_job(**of_variant, as_root, Directories::writable, of_cell));
    };
    cells.push_back({{of_cell.size(), job}, take});
  };
  const auto place = [&outcomes](CellOutcomes SandboxedOutcomes::*cell) {
    return [&outcomes, cell](const CellOutcomes& seen) {
      if (!outcomes) outcomes.emplace();
      (*outcomes).*cell = seen;
    };
  };
  if (runs_as_root()) {
    add(all_of(attempts), false, [&outcomes](const CellOutcomes& seen) {
      outcomes = {seen, seen};
    });
    return;
  }
  add(attempts.user, false, place(&SandboxedOutcomes::user));
  if (has_root_cells()) add(attempts.root, true, place(&SandboxedOutcomes::root));
}

Result<void> Scene::run_cells(const std::vector<SandboxedCell>& cells) {
  std::vector<LateJob> jobs;
  for (const auto& cell : cells) jobs.push_back(cell.job);
  const auto reports = launch_late(jobs);
  if (!reports) return reports.error();
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (reports->at(i)) cells[i].take(outcomes_of(*reports->at(i)));
  }
  return {};
}

Result<std::vector<SandboxedOutcomes>> Scene::run_variants(const std::vector<Variant>& variants) {
  std::vector<std::optional<SandboxedOutcomes>> results(variants.size());
  std::vector<SandboxedCell> cells;
  for (std::size_t i = 0; i < variants.size(); ++i) {
    const auto settings = [&variants, i] { return std::optional(variants[i].settings); };
    add_cells_of(variants[i].attempts, settings, results[i], cells);
  }
  if (auto ran = run_cells(cells); !ran) return ran.error();
  std::vector<SandboxedOutcomes> outcomes;
  for (const auto& result : results) outcomes.push_back(result.value_or(SandboxedOutcomes{}));
  return outcomes;
}

Result<void> Scene::side_by_side(const std::vector<launch::Lane>& lanes) {
  const auto sees_what_is_new = edited_.sees_what_is_new();
  if (!sees_what_is_new) return sees_what_is_new.error();
  if (*sees_what_is_new && !unit().settings.is_changed("LimitNPROC")) {
    return launcher_->side_by_side(lanes);
  }
  for (const auto& lane : lanes) {
    if (auto done = lane(); !done) return done;
  }
  return {};
}

Result<void> Scene::prepare_edits(const std::vector<EditedVariant>& variants) {
  std::vector<Edit> edits;
  for (const auto& variant : variants) edits.push_back(variant.edit);
  return edited_.prepare(edits);
}

Result<std::vector<std::optional<SandboxedOutcomes>>> Scene::run_edited(
    const std::vector<EditedVariant>& variants) {
  if (auto prepared = prepare_edits(variants); !prepared) return prepared.error();
  std::vector<std::optional<SandboxedOutcomes>> outcomes(variants.size());
  std::vector<SandboxedCell> cells;
  for (std::size_t i = 0; i < variants.size(); ++i) {
    const auto settings = [this, &variants, i] { return edited_.settings(variants[i].edit); };
    add_cells_of(variants[i].attempts, settings, outcomes[i], cells);
  }
  if (auto ran = run_cells(cells); !ran) return ran.error();
  return outcomes;
}

Result<std::vector<std::optional<CellOutcomes>>> Scene::run_first_starts(
    const std::vector<EditedVariant>& variants) {
  if (auto prepared = prepare_edits(variants); !prepared) return prepared.error();
  std::vector<std::optional<CellOutcomes>> outcomes;
  for (const auto& variant : variants) {
    outcomes.emplace_back();
    const auto settings = edited_.settings(variant.edit);
    if (!settings) return settings.error();
    if (!*settings) continue;
    for (const auto& path : directories_to_make_) {
      if (auto removed = manager_.files().remove_all(path); !removed) return removed.error();
    }
    const auto reports =
        launcher_->run({sandboxed_job(**settings, false, Directories::own, variant.attempts.user)});
    if (!reports) return reports.error();
    outcomes.back() = outcomes_of(reports->front());
  }
  return outcomes;
}

// The clone is evidence of the unit only where systemd made of it what it made of the unit.
void Scene::tell_differences(const CellReport& clone, Squares& result) const {
  const auto tell = [&result](const std::string& property, const std::string& note,
                              const std::string& reason) {
    if (!result.uncopied.emplace(unit::directive_of(property), reason).second) return;
    result.notes.push_back(note);
  };
  for (const auto& name : clone.refused) {
    tell(name, "systemd does not take " + name + " for a transient unit: not copied",
         "systemd does not take it for a transient unit");
  }
  std::vector<std::string> known;
  for (const auto& addition : stage_->additions(unit().settings)) known.push_back(addition.name);
  for (const auto& difference :
       launch::differences(unit().settings, clone.clone,
                           {false, own_directories(), manager_.folders().directories}, known)) {
    const std::string what = difference.property + " is \"" + difference.clone + "\", not \"" +
                             difference.original + "\"";
    tell(difference.property, "the clone differs from the unit: " + what, "in the clone " + what);
  }
}

}  // namespace sandproof
