// A unit set up on a manager for attempts to be made under its settings: the probes staged, the
// user known, the bystanders up, and the four cells ready to be run as often as needed.
#pragma once

#include <filesystem>
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

// The outcomes of some attempts in the two cells of the sandbox.
struct SandboxedOutcomes {
  std::map<Attempt, Outcome> user;
  std::map<Attempt, Outcome> root;
};

struct Squares {
  std::map<Attempt, Square> squares;
  // What a reader has to know of them: where the clone is not quite the unit.
  std::vector<std::string> notes;
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
  // together: ablations. A sandbox that cannot be set up leaves its attempts unable. For a unit of
  // root's both cells are one, and so are their outcomes.
  Result<std::vector<SandboxedOutcomes>> run_variants(const std::vector<Settings>& variants,
                                                      const SandboxedAttempts& attempts);

  // As edited_settings(), of this unit.
  Result<std::vector<std::optional<Settings>>> edited_settings(
      const std::vector<Edit>& edits) const;

 private:
  Scene(Manager& manager, LoadedUnit loaded) : manager_(manager), loaded_(std::move(loaded)) {}

  bool runs_as_root() const { return unit().user().empty(); }
  Result<void> find_identity();
  launch::Directories own_directories() const;
  Settings with_user_of_the_unit(const Settings& settings) const;
  launch::CellJob sandboxed_job(const Settings& settings, bool as_root,
                                const std::vector<Attempt>& attempts) const;
  std::vector<std::string> differences_of(const launch::CellReport& clone) const;

  Manager& manager_;
  LoadedUnit loaded_;
  bool without_runner_ = false;
  std::vector<std::string> prepared_;
  // In the order in which they are needed, and let go of the other way round.
  std::optional<launch::Stage> stage_;
  std::optional<launch::Launcher> launcher_;
  std::unique_ptr<launch::DynamicUserHolder> holder_;
  launch::Identity user_;
  std::unique_ptr<launch::Bystanders> bystanders_;
};

}  // namespace sandproof
