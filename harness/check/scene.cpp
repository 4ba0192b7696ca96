#include "check/scene.h"

#include <algorithm>

#include "launch/clone.h"
#include "manager/places.h"
#include "unit/prepare.h"

namespace sandproof {

using launch::CellJob;
using launch::CellReport;
using launch::Directories;

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
  CellJob job{as_root ? "sandboxed-root" : "sandboxed-user",
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
Result<std::vector<CellReport>> Scene::launch_cells(std::vector<CellJob> jobs) {
  if (!unit().settings.is_changed("LimitNPROC")) return launcher_->run(jobs);
  std::vector<CellReport> reports;
  for (auto& job : jobs) {
    job.after.reset();
    job.one_by_one = true;
    auto report = launcher_->run({job});
    if (!report) return report.error();
    reports.push_back(std::move(report->front()));
  }
  return reports;
}

Result<Squares> Scene::run(const std::vector<Attempt>& attempts) {
  std::vector<CellJob> jobs = {
      sandboxed_job(unit().settings, false, own_directories(), attempts),
      bare_job(runs_as_root() ? "bare-root" : "bare-user", user_, attempts)};
  if (has_root_cells()) {
    jobs.push_back(bare_job("bare-root", {}, attempts));
    jobs.push_back(sandboxed_job(unit().settings, true, Directories::writable, attempts));
  }
  jobs[0].tells_clone = true;
  // The first makes the unit's own directories, and they are there or not for all the others alike.
  if (!sandproof::own_directories(unit().settings, {}).empty()) {
    for (std::size_t i = 1; i < jobs.size(); ++i) jobs[i].after = 0;
  }
  const auto reports = launch_cells(std::move(jobs));
  if (!reports) return reports.error();
  const CellReport& sandboxed_user = reports->at(0);
  const CellReport& bare_user = reports->at(1);
  const CellReport& bare_root = has_root_cells() ? reports->at(2) : bare_user;
  const CellReport& sandboxed_root = has_root_cells() ? reports->at(3) : sandboxed_user;
  if (!sandboxed_user.failure.empty()) {
    return cannot_run("its sandbox cannot be set up: " + sandboxed_user.failure);
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
  result.notes = differences_of(sandboxed_user);
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

Result<std::vector<SandboxedOutcomes>> Scene::run_variants(const std::vector<Variant>& variants) {
  std::vector<CellJob> jobs;
  std::vector<SandboxedOutcomes> results(variants.size());
  std::vector<CellOutcomes*> places;
  const auto add = [&](const Variant& variant, bool as_root, const std::vector<Attempt>& attempts,
                       CellOutcomes& place) {
    if (attempts.empty()) return;
    jobs.push_back(sandboxed_job(variant.settings, as_root, Directories::writable, attempts));
    places.push_back(&place);
  };
  for (std::size_t i = 0; i < variants.size(); ++i) {
    const auto& attempts = variants[i].attempts;
    if (runs_as_root()) {
      add(variants[i], false, all_of(attempts), results[i].user);
    } else {
      add(variants[i], false, attempts.user, results[i].user);
      if (has_root_cells()) add(variants[i], true, attempts.root, results[i].root);
    }
  }
  const auto reports = launch_cells(std::move(jobs));
  if (!reports) return reports.error();
  for (std::size_t i = 0; i < places.size(); ++i) *places[i] = outcomes_of(reports->at(i));
  if (runs_as_root()) {
    for (auto& result : results) result.root = result.user;
  }
  return results;
}

Result<CellOutcomes> Scene::run_first_start(const Settings& settings,
                                            const std::vector<Attempt>& attempts) {
  for (const auto& path : directories_to_make_) {
    if (auto removed = manager_.files().remove_all(path); !removed) return removed.error();
  }
  const auto reports = launcher_->run({sandboxed_job(settings, false, Directories::own, attempts)});
  if (!reports) return reports.error();
  return outcomes_of(reports->front());
}

Result<std::vector<std::optional<Settings>>> Scene::edited_settings(
    const std::vector<Edit>& edits) const {
  return sandproof::edited_settings(manager_, loaded_, edits);
}

// The clone is evidence of the unit only where systemd made of it what it made of the unit.
std::vector<std::string> Scene::differences_of(const CellReport& clone) const {
  std::vector<std::string> known;
  for (const auto& addition : stage_->additions(unit().settings)) known.push_back(addition.name);
  std::vector<std::string> notes;
  for (const auto& difference :
       launch::differences(unit().settings, clone.clone,
                           {false, own_directories(), manager_.folders().directories}, known)) {
    notes.push_back("the clone differs from the unit: " + difference.property + " is \"" +
                    difference.clone + "\", not \"" + difference.original + "\"");
  }
  for (const auto& name : clone.refused) {
    notes.push_back("systemd does not take " + name + " for a transient unit: not copied");
  }
  return notes;
}

}  // namespace sandproof
