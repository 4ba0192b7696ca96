#include "check/check.h"

#include <algorithm>

#include "check/expectations.h"
#include "check/reproduce.h"
#include "judge/judge.h"
#include "launch/bystanders.h"
#include "launch/clone.h"
#include "launch/launcher.h"
#include "launch/stage.h"
#include "unit/load.h"
#include "unit/prepare.h"
#include "unit/pristine.h"

namespace sandproof {

namespace {

using launch::CellJob;
using launch::CellReport;
using launch::Identity;

// Everything that one unit's cells need, in the order in which it has to be let go of.
struct Scene {
  LoadedUnit loaded;
  launch::Stage stage;
  launch::Launcher launcher;
  std::unique_ptr<launch::DynamicUserHolder> holder;
  Identity user;
  std::unique_ptr<launch::Bystanders> bystanders;
};

Identity static_identity(const Settings& settings) {
  return {settings.text("User"), settings.text("Group"), settings.texts("SupplementaryGroups")};
}

Result<Identity> identity_of(Scene& scene) {
  const Unit& unit = scene.loaded.unit;
  if (!unit.dynamic_user()) return static_identity(unit.settings);
  auto holder = launch::DynamicUserHolder::start(scene.launcher.context(), unit.user());
  if (!holder) return holder.error();
  scene.holder = *std::move(holder);
  Identity identity = scene.holder->identity();
  identity.supplementary_groups = unit.settings.texts("SupplementaryGroups");
  return identity;
}

guarantee::Subject subject_of(Manager& manager, const Scene& scene) {
  const Unit& unit = scene.loaded.unit;
  return {unit.settings, manager.facts().systemd, unit.user(), scene.bystanders->facts(),
          // Everybody may write there, in every sandbox but one that says otherwise of it by name.
          "/dev/shm", [&manager](const std::string& path) { return manager.files().exists(path); }};
}

struct Cells {
  std::vector<CellJob> jobs;
  // The job that runs a cell: root's, too, for a unit that runs as root.
  std::size_t job_of(Cell cell, bool runs_as_root) const {
    switch (cell) {
      case Cell::sandboxed_user:
        return 0;
      case Cell::bare_root:
        return 1;
      case Cell::bare_user:
        return runs_as_root ? 1 : 2;
      case Cell::sandboxed_root:
        break;
    }
    return runs_as_root ? 0 : 3;
  }
};

std::vector<bus::Property> clone_properties(const Scene& scene,
                                            const launch::CloneOptions& options) {
  const Settings& settings = scene.loaded.unit.settings;
  auto properties = launch::sandboxed_properties(settings, options);
  for (auto& addition : scene.stage.additions(settings)) properties.push_back(std::move(addition));
  return properties;
}

Cells cells_of(const Manager& manager, const Scene& scene, const std::vector<Attempt>& attempts,
               bool without_runner) {
  const auto directories =
      manager.is_disposable() ? launch::Directories::own : launch::Directories::writable;
  Cells cells;
  const auto add = [&](const char* label, std::vector<bus::Property> properties) -> CellJob& {
    return cells.jobs.emplace_back(
        CellJob{label, std::move(properties), attempts, {}, without_runner});
  };
  add("sandboxed-user", clone_properties(scene, {false, directories}));
  add("bare-root", {});
  if (!scene.loaded.unit.user().empty()) {
    add("bare-user", launch::bare_properties(scene.user));
    auto& root =
        add("sandboxed-root", clone_properties(scene, {true, launch::Directories::writable}));
    // The unit's own folders have to be there before they can be made writable.
    root.after = 0;
  }
  return cells;
}

Square square_of(const Attempt& attempt, const Cells& cells, const std::vector<CellReport>& reports,
                 bool runs_as_root) {
  Square square;
  for (const Cell cell : all_cells) {
    const auto& outcomes = reports[cells.job_of(cell, runs_as_root)].outcomes;
    const auto found = outcomes.find(attempt);
    square[cell] = found != outcomes.end() ? found->second : Outcome::unable("was not made");
  }
  return square;
}

// The clone is only evidence of the unit where systemd made of it what it made of the unit.
void note_differences(const Manager& manager, const Scene& scene, const CellReport& clone,
                      std::vector<std::string>& notes) {
  std::vector<std::string> known;
  for (const auto& addition : scene.stage.additions(scene.loaded.unit.settings)) {
    known.push_back(addition.name);
  }
  const auto directories =
      manager.is_disposable() ? launch::Directories::own : launch::Directories::writable;
  for (const auto& difference :
       launch::differences(scene.loaded.unit.settings, clone.clone, {false, directories}, known)) {
    notes.push_back("the clone differs from the unit: " + difference.property + " is \"" +
                    difference.clone + "\", not \"" + difference.original + "\"");
  }
  for (const auto& name : clone.refused) {
    notes.push_back("systemd does not take " + name + " for a transient unit: not copied");
  }
}

Result<Scene> set_the_scene(Manager& manager, LoadedUnit loaded, const CheckOptions& options) {
  auto stage = launch::Stage::make(manager, loaded.unit.settings, options.probes);
  if (!stage) return stage.error();
  const std::string folder = stage->folder();
  return Scene{std::move(loaded), *std::move(stage), launch::Launcher(manager, folder), {}, {}, {}};
}

Result<CheckResult> check_loaded(Manager& manager, LoadedUnit loaded, const CheckOptions& options) {
  CheckResult result;
  result.manager = manager.facts();
  result.unit = loaded.unit.name;
  result.files = loaded.unit.files;
  result.user = loaded.unit.user().empty() ? "root" : loaded.unit.user();
  result.notes = loaded.notes;
  result.exempt = loaded.unit.exempt;
  result.not_of_the_sandbox = loaded.unit.not_of_the_sandbox;

  options.progress("preparing");
  auto prepared = prepare(manager, loaded.unit);
  if (!prepared) return prepared.error();
  result.prepared = *std::move(prepared);

  auto scene = set_the_scene(manager, std::move(loaded), options);
  if (!scene) return scene.error();
  auto identity = identity_of(*scene);
  if (!identity) return identity.error();
  scene->user = *std::move(identity);
  auto bystanders = launch::Bystanders::start(scene->launcher.context(), scene->user);
  if (!bystanders) return bystanders.error();
  scene->bystanders = *std::move(bystanders);

  const Unit& unit = scene->loaded.unit;
  Plan plan = plan_of(unit, subject_of(manager, *scene));
  const auto attempts = plan.attempts();
  const Cells cells = cells_of(manager, *scene, attempts, options.without_runner);
  options.progress(std::to_string(attempts.size()) + " attempts in " +
                   std::to_string(cells.jobs.size()) + " cells");
  const auto reports = scene->launcher.run(cells.jobs);
  if (!reports) return reports.error();
  const auto& clone = reports->front();
  if (!clone.failure.empty()) {
    return cannot_run("its sandbox cannot be set up: " + clone.failure +
                      "; sandproof explain tells which directive is to blame");
  }

  note_differences(manager, *scene, clone, result.notes);
  result.staged = launch::describe(scene->stage.additions(unit.settings));
  const bool runs_as_root = unit.user().empty();
  result.attempts = merge(plan.expectations, [&](const Attempt& attempt) {
    return square_of(attempt, cells, *reports, runs_as_root);
  });
  for (auto& attempt : result.attempts) {
    attempt.reproduce = reproduce_line(unit, attempt.attempt, options.probes);
  }
  result.directives = std::move(plan.directives);
  conclude(result);
  return result;
}

}  // namespace

Result<CheckResult> check_unit(Manager& manager, const std::string& unit,
                               const CheckOptions& options) {
  options.progress("loading " + unit);
  auto pristine = pristine_properties(manager);
  if (!pristine) return pristine.error().with_prefix("cannot check " + unit);
  auto loaded = load_unit(manager, unit, *pristine);
  if (!loaded) return loaded.error();
  auto result = check_loaded(manager, *std::move(loaded), options);
  if (!result) return result.error().with_prefix("cannot check " + unit);
  return result;
}

}  // namespace sandproof
