// A unit set up on a manager for attempts to be made under its settings: the probes staged, the
// user known, the bystanders up, and the four cells ready to be run as often as needed.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "guarantee/guarantee.h"
#include "launch/bystanders.h"
#include "launch/launcher.h"
#include "launch/stage.h"
#include "manager/manager.h"
#include "model/attempt.h"
#include "unit/edited.h"
#include "unit/load.h"

namespace sandproof {

// The attempts that are made in each of the two cells of the sandbox, each once.
struct SandboxedAttempts {
  std::vector<Attempt> user;
  std::vector<Attempt> root;
};

// The outcomes of some attempts in one cell of the sandbox.
struct CellOutcomes {
  std::map<Attempt, Outcome> outcomes;
  // Why the sandbox could not be set up, and all of them are unable; or "".
  std::string failure;
};

// The outcomes of some attempts in the two cells of the sandbox.
struct SandboxedOutcomes {
  CellOutcomes user;
  CellOutcomes root;
};

// Other settings of the unit, and what is attempted under them.
struct Variant {
  Settings settings;
  SandboxedAttempts attempts;
};

// A change of the unit's files, and what is attempted under the settings that come of it.
struct EditedVariant {
  Edit edit;
  SandboxedAttempts attempts;
};

struct Squares {
  std::map<Attempt, Square> squares;
  // What a reader has to know of them: where the clone is not quite the unit.
  std::vector<std::string> notes;
  // CheckResult::uncopied.
  std::map<std::string, std::string> uncopied;
};

class Scene {
 public:
  struct Options {
    // The folder of the probes, the runner and the bystander on this machine.
    std::filesystem::path probes;
    // One transient unit an attempt, as where the sandbox keeps the runner from forking.
    bool without_runner = false;
  };

  static Result<std::unique_ptr<Scene>> set(Manager& manager, LoadedUnit loaded,
                                            const Options& options);

  const Unit& unit() const { return loaded_.unit; }
  // What was made for the unit: "user runwisp".
  const std::vector<std::string>& prepared() const { return prepared_; }
  // What staging adds to the clones.
  std::vector<std::string> staged() const;
  guarantee::Subject subject() const;
  launch::Launcher& launcher() { return *launcher_; }

  // Each attempt in the four cells, all of them in flight together. An error where the unit's
  // sandbox cannot be set up.
  Result<Squares> run(const std::vector<Attempt>& attempts);

  // The attempts under other settings of the same unit, for each of several, all in flight
  // together. For a unit of root's both cells are one, and so are their outcomes. None of them
  // makes the unit's directories, which are there for all of them alike.
  Result<std::vector<SandboxedOutcomes>> run_variants(const std::vector<Variant>& variants);

  // The same of what systemd makes of the unit's files with a change, none being the unit as it is.
  // Nothing of a change that changes nothing.
  Result<std::vector<std::optional<SandboxedOutcomes>>> run_edited(
      const std::vector<EditedVariant>& variants);

  // Functions that run variants, each for itself, so that one goes on while another waits: few
  // cells alone leave processors idle. One after the other where cells must not run beside each
  // other, or where systemd has to be reloaded for what is tried next.
  Result<void> side_by_side(const std::vector<launch::Lane>& lanes);

  // The same in the user's cell alone, one after the other, each of which makes the unit's
  // directories as it would at its first start: those that an earlier cell made are removed. Only
  // where makes_directories().
  Result<std::vector<std::optional<CellOutcomes>>> run_first_starts(
      const std::vector<EditedVariant>& variants);
  bool makes_directories() const { return own_directories() == launch::Directories::own; }
  bool runs_as_root() const { return unit().user().empty(); }

 private:
  // Asked when they are needed; nothing where there is no such variant.
  using SettingsOf = std::function<Result<std::optional<Settings>>()>;

  // A cell of the sandbox that is to be run, and where its outcomes go.
  struct SandboxedCell {
    launch::LateJob job;
    std::function<void(const CellOutcomes&)> take;
  };

  Scene(Manager& manager, LoadedUnit loaded)
      : manager_(manager), loaded_(std::move(loaded)), edited_(manager_, loaded_) {}

  // Whether root has cells of its own, beside those of the unit's user.
  bool has_root_cells() const { return !runs_as_root() && unit().manager_user.empty(); }
  Result<void> find_identity();
  void find_directories();
  launch::Directories own_directories() const;
  Settings with_user_of_the_unit(const Settings& settings) const;
  launch::CellJob bare_job(const std::string& label, const launch::Identity& identity,
                           const std::vector<Attempt>& attempts) const;
  launch::CellJob sandboxed_job(const Settings& settings, bool as_root,
                                launch::Directories directories,
                                const std::vector<Attempt>& attempts) const;
  Result<void> prepare_edits(const std::vector<EditedVariant>& variants);
  void add_cells_of(const SandboxedAttempts& attempts, const SettingsOf& settings,
                    std::optional<SandboxedOutcomes>& outcomes,
                    std::vector<SandboxedCell>& cells) const;
  Result<void> run_cells(const std::vector<SandboxedCell>& cells);
  Result<std::vector<launch::CellReport>> launch_cells(const std::vector<launch::CellJob>& jobs);
  Result<std::vector<std::optional<launch::CellReport>>> launch_late(
      const std::vector<launch::LateJob>& jobs);
  void tell_differences(const launch::CellReport& clone, Squares& result) const;

  Manager& manager_;
  LoadedUnit loaded_;
  EditedUnit edited_;
  bool without_runner_ = false;
  std::vector<std::string> prepared_;
  // The unit's directories that only a cell makes.
  std::vector<std::string> directories_to_make_;
  // In the order in which they are needed, and let go of the other way round.
  std::optional<launch::Stage> stage_;
  std::optional<launch::Launcher> launcher_;
  std::unique_ptr<launch::DynamicUserHolder> holder_;
  launch::Identity user_;
  std::unique_ptr<launch::Bystanders> bystanders_;
};

}  // namespace sandproof
