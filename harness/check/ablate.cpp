#include "check/ablate.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "check/loads.h"
#include "check/stoppers.h"
#include "launch/clone.h"

namespace sandproof {

namespace {

// The user alone: what an attempt needs to be the same attempt.
bool is_identity(const std::string& name) {
  return name == "User" || name == "Group" || name == "SupplementaryGroups";
}

// Whose purpose is to permit, even where no attempt shows it.
constexpr std::array permitting = {"AmbientCapabilities", "BindPaths",      "BindReadOnlyPaths",
                                   "DeviceAllow",         "ExecPaths",      "IPAddressAllow",
                                   "ReadWritePaths",      "SocketBindAllow"};

Names directives_to_ablate(const CheckResult& result) {
  Names names;
  for (const auto& each : result.directives) {
    if (each.directive.is_ignored() || each.directive.implied_by || each.status == Status::off) {
      continue;
    }
    names.insert(each.directive.name);
  }
  return names;
}

Indices held_attempts(const CheckResult& result) {
  Indices indices;
  for (std::size_t i = 0; i < result.attempts.size(); ++i) {
    const auto& judgement = result.attempts[i].judgement;
    if (judgement.verdict == Verdict::held && judgement.proof != Proof::none) indices.push_back(i);
  }
  return indices;
}

class Ablation {
 public:
  Ablation(Scene& scene, const CheckResult& result)
      : result_(result), trials_(scene, result), names_(directives_to_ablate(result)) {
    for (const auto index : held_attempts(result)) {
      const bool is_of_root = !scene.runs_as_root() && result.attempts[index].is_shown_by_root();
      of_[is_of_root ? Cell::sandboxed_root : Cell::sandboxed_user].push_back(index);
    }
    for (const auto& attempt : result.attempts) {
      if (attempt.must != Must::allowed) continue;
      loosening_.insert(attempt.directives.begin(), attempt.directives.end());
    }
    for (const auto& name : names_) {
      if (launch::is_of_directories(name)) of_directories_.insert(name);
    }
    if (scene.makes_directories()) return;
    found_.untried = std::move(of_directories_);
    of_directories_.clear();
    for (const auto& name : found_.untried) names_.erase(name);
  }

  Result<Ablations> run() {
    if (auto done = find_all_stoppers(); !done) return done.error();
    if (auto done = take_away(); !done) return done.error();
    if (auto done = explain_side_doors(); !done) return done.error();
    if (auto done = take_away_one_by_one(singles_of_the_unexplained(false)); !done) {
      return done.error();
    }
    if (auto done = explain_the_rest(); !done) return done.error();
    if (auto done = take_directories_away(); !done) return done.error();
    return std::move(found_);
  }

 private:
  Indices denied_of(Cell cell) const {
    Indices indices;
    for (const auto index : of_.at(cell)) {
      if (result_.attempts[index].must == Must::denied) indices.push_back(index);
    }
    return indices;
  }

  // With only what is kept in force, and each of the others by itself.
  StopperSearch search_with(const Names& kept, std::map<Cell, Indices> attempts) const {
    StopperSearch search{{}, {}, kept, std::move(attempts)};
    for (const auto& name : names_) {
      if (is_identity(name)) continue;
      search.directives.insert(name);
      if (!of_directories_.contains(name) && !kept.contains(name))
        search.candidates.push_back(name);
    }
    return search;
  }

  Result<void> find_all_stoppers() {
    std::map<Cell, Indices> denied;
    for (const auto& [cell, indices] : of_) denied[cell] = denied_of(cell);
    auto found = find_stoppers(trials_, {search_with({}, std::move(denied))});
    if (!found) return found.error();
    stoppers_ = *std::move(found);
    return {};
  }

  std::vector<Names> stoppers_of(Cell cell) const {
    std::vector<Names> result;
    for (const auto index : of_.at(cell)) {
      if (const auto found = stoppers_.find(index); found != stoppers_.end()) {
        result.push_back(found->second);
      }
    }
    return result;
  }

  // The directives that can be taken away in one cell.
  Names of_cell(Cell cell) const {
    Names names;
    for (const auto& name : names_) {
      if (of_directories_.contains(name) || (is_identity(name) && cell == Cell::sandboxed_root))
        continue;
      names.insert(name);
    }
    return names;
  }

  // Those of them that may be taken away together with others, since each attempt has another that
  // stops it: none where something is stopped only by several together, and none that lets pass
  // what another may stop.
  std::vector<std::string> seemingly_dispensable(Cell cell,
                                                 const std::vector<Names>& stoppers) const {
    const auto has = [&stoppers](const Names& names) {
      return std::find(stoppers.begin(), stoppers.end(), names) != stoppers.end();
    };
    std::vector<std::string> names;
    if (has({})) return names;
    for (const auto& name : of_cell(cell)) {
      if (!has({name}) && !is_identity(name) && !loosening_.contains(name)) names.push_back(name);
    }
    return names;
  }

  // What another directive stops by itself is still stopped without this one. What is stopped by
  // several together may end otherwise; and what is permitted, or stopped by none of them, where
  // the directive is not one of many that are taken away together.
  Indices borne_perhaps(const std::string& name, const Indices& indices) const {
    if (is_identity(name)) return indices;
    Indices result;
    for (const auto index : indices) {
      const auto found = stoppers_.find(index);
      const bool is_borne = found != stoppers_.end()
                                ? found->second.empty() || found->second.contains(name)
                                : loosening_.contains(name);
      if (is_borne) result.push_back(index);
    }
    return result;
  }

  // All that may only restrict, for what none of them stops: to take them away changes nothing of
  // it.
  Trial without_restrictions(Cell cell, const Indices& indices) const {
    Trial trial{{}, cell, {}};
    for (const auto& name : of_cell(cell)) {
      if (!is_identity(name) && !loosening_.contains(name)) trial.without.insert(name);
    }
    std::copy_if(indices.begin(), indices.end(), std::back_inserter(trial.attempts),
                 [this](std::size_t index) { return !stoppers_.contains(index); });
    return trial;
  }

  // Stopped by some by themselves, and carried by none of them: what lets pass what they stop is
  // itself undone by another, perhaps.
  bool is_unexplained(std::size_t index) const {
    const auto found = stoppers_.find(index);
    return found != stoppers_.end() && !found->second.empty() && !found_.bearing.contains(index) &&
           !found_.shared.contains(index);
  }

  std::vector<Trial> singles_and_groups() const {
    std::vector<Trial> trials;
    for (const auto& [cell, indices] : of_) {
      const auto stoppers = stoppers_of(cell);
      const auto dispensable = seemingly_dispensable(cell, stoppers);
      for (const auto& name : of_cell(cell)) {
        if (std::find(dispensable.begin(), dispensable.end(), name) == dispensable.end()) {
          trials.push_back({{name}, cell, borne_perhaps(name, indices)});
        }
      }
      for (auto& group : groups_that_leave_a_stopper(dispensable, stoppers)) {
        trials.push_back({std::move(group), cell, indices});
      }
      auto unrestricted = without_restrictions(cell, indices);
      if (!unrestricted.without.empty()) trials.push_back(std::move(unrestricted));
    }
    return trials;
  }

  // All that stop an attempt by themselves, where they are a pair or more.
  std::vector<Trial> without_all_stoppers() const {
    std::map<std::pair<Cell, Names>, Indices> attempts;
    for (const auto& [cell, indices] : of_) {
      for (const auto index : indices) {
        const auto found = stoppers_.find(index);
        if (found == stoppers_.end() || found->second.size() < 2) continue;
        attempts[{cell, found->second}].push_back(index);
      }
    }
    std::vector<Trial> trials;
    for (const auto& [which, indices] : attempts) {
      trials.push_back({which.second, which.first, indices});
    }
    return trials;
  }

  Result<void> take_away() {
    std::vector<Trial> controls;
    for (const auto& [cell, indices] : of_) controls.push_back({{}, cell, indices});
    const auto without = singles_and_groups();
    const auto without_all = without_all_stoppers();
    std::vector<Trial> trials = controls;
    trials.insert(trials.end(), without.begin(), without.end());
    trials.insert(trials.end(), without_all.begin(), without_all.end());
    const auto effects = trials_.run(trials);
    if (!effects) return effects.error();

    auto effect = effects->begin();
    for (std::size_t i = 0; i < controls.size(); ++i) take_unstable(*effect++);
    std::vector<Trial> again;
    for (const auto& trial : without) {
      const auto& seen = *effect++;
      if (trial.without.size() == 1) {
        take_bearing(trial, seen);
      } else if (is_any_flipped(seen)) {
        for (const auto& name : trial.without)
          again.push_back({{name}, trial.cell, trial.attempts});
      }
    }
    if (auto done = take_away_one_by_one(again); !done) return done;
    for (const auto& trial : without_all) take_shared(trial, *effect++);
    return take_away_one_by_one(singles_of_the_unexplained(true));
  }

  // Of what is unexplained, each by itself: one of those that stop it, or one of the others.
  std::vector<Trial> singles_of_the_unexplained(bool are_stoppers) const {
    std::vector<Trial> trials;
    for (const auto& [cell, indices] : of_) {
      for (const auto& name : of_cell(cell)) {
        Trial trial{{name}, cell, {}};
        std::copy_if(indices.begin(), indices.end(), std::back_inserter(trial.attempts),
                     [&](std::size_t index) {
                       return is_unexplained(index) &&
                              stoppers_.at(index).contains(name) == are_stoppers;
                     });
        if (!trial.attempts.empty()) trials.push_back(std::move(trial));
      }
    }
    return trials;
  }

  Result<void> take_away_one_by_one(const std::vector<Trial>& trials) {
    const auto effects = trials_.run(trials);
    if (!effects) return effects.error();
    for (std::size_t i = 0; i < trials.size(); ++i) take_bearing(trials[i], effects->at(i));
    return {};
  }

  // What others were seen to stop, they stop without the directories as well. The last takes
  // nothing away.
  Result<void> take_directories_away() {
    if (of_directories_.empty() || !of_.contains(Cell::sandboxed_user)) return {};
    Indices borne;
    for (const auto index : of_.at(Cell::sandboxed_user)) {
      const auto found = stoppers_.find(index);
      const bool is_stopped_by_others = found != stoppers_.end() && !found->second.empty();
      if (!is_stopped_by_others || is_unexplained(index)) borne.push_back(index);
    }
    std::vector<Trial> trials;
    for (const auto& name : of_directories_) {
      trials.push_back({{name}, Cell::sandboxed_user, borne});
    }
    trials.push_back({{}, Cell::sandboxed_user, borne});
    const auto effects = trials_.run_first_starts(trials);
    if (!effects) return effects.error();
    unstable_.clear();
    take_unstable(effects->back());
    for (std::size_t i = 0; i + 1 < trials.size(); ++i) take_bearing(trials[i], effects->at(i));
    return {};
  }

  // A side door leads around a directive, and something that does not stop the attempt by itself
  // may shut the door where that directive is in force: a mount that is locked by PrivateUsers=
  // stays as read-only as ProtectSystem= made it.
  Result<void> explain_side_doors() {
    std::map<Names, std::map<Cell, Indices>> around;
    for (const auto& [cell, indices] : of_) {
      for (const auto index : indices) {
        const auto& attempt = result_.attempts[index];
        if (attempt.side_door.empty() || !is_unexplained(index)) continue;
        around[{attempt.directives.begin(), attempt.directives.end()}][cell].push_back(index);
      }
    }
    std::vector<StopperSearch> searches;
    for (const auto& [directives, attempts] : around) {
      searches.push_back(search_with(directives, attempts));
    }
    const auto found = find_stoppers(trials_, searches);
    if (!found) return found.error();
    std::vector<Trial> trials;
    for (const auto& search : searches) {
      for (const auto& [cell, indices] : search.attempts) {
        for (const auto index : indices) {
          const auto also = found->find(index);
          if (also == found->end()) continue;
          stoppers_[index].insert(also->second.begin(), also->second.end());
          trials.push_back({stoppers_[index], cell, {index}});
        }
      }
    }
    const auto effects = trials_.run(trials);
    if (!effects) return effects.error();
    for (std::size_t i = 0; i < trials.size(); ++i) take_shared(trials[i], effects->at(i));
    return {};
  }

  // Some stop an attempt each by itself, and others only together. Where the former are away, the
  // absence of any one of the latter lets it through: PrivateUsers= and ProtectProc=invisible hide
  // a process of the same user.
  Result<void> explain_the_rest() {
    std::vector<Trial> trials;
    for (const auto& [cell, indices] : of_) {
      std::map<Names, Indices> rest;
      for (const auto index : indices) {
        if (is_unexplained(index)) rest[stoppers_.at(index)].push_back(index);
      }
      for (const auto& [stoppers, attempts] : rest) {
        for (const auto& name : of_cell(cell)) {
          if (is_identity(name) || stoppers.contains(name)) continue;
          trials.push_back({stoppers, cell, attempts});
          trials.back().without.insert(name);
        }
      }
    }
    const auto effects = trials_.run(trials);
    if (!effects) return effects.error();
    for (std::size_t i = 0; i < trials.size(); ++i) {
      for (const auto& [index, effect] : effects->at(i)) {
        if (!is_flipped(index, effect)) continue;
        found_.shared[index].insert(trials[i].without.begin(), trials[i].without.end());
      }
    }
    return {};
  }

  void take_unstable(const Effects& effects) {
    for (const auto& [index, effect] : effects) {
      if (effect != Effect::same) unstable_.insert(index);
    }
  }

  bool is_flipped(std::size_t index, Effect effect) const {
    return effect == Effect::flipped && !unstable_.contains(index);
  }

  bool is_any_flipped(const Effects& effects) const {
    return std::any_of(effects.begin(), effects.end(),
                       [this](const auto& each) { return is_flipped(each.first, each.second); });
  }

  void take_bearing(const Trial& trial, const Effects& effects) {
    for (const auto& [index, effect] : effects) {
      if (is_flipped(index, effect)) found_.bearing[index].insert(*trial.without.begin());
    }
  }

  void take_shared(const Trial& trial, const Effects& effects) {
    for (const auto& [index, effect] : effects) {
      if (is_flipped(index, effect) && !found_.bearing.contains(index)) {
        found_.shared[index] = trial.without;
      }
    }
  }

  const CheckResult& result_;
  Trials trials_;
  Names names_;
  // The attempts that held, by the cell that proved them.
  std::map<Cell, Indices> of_;
  // Directives that permit something: what another would stop, perhaps.
  Names loosening_{permitting.begin(), permitting.end()};
  // Directives whose directories a cell makes.
  Names of_directories_;
  // Attempts that go through without any directive → the directives that stop them by themselves.
  Stoppers stoppers_;
  // Attempts that end otherwise where nothing is taken away.
  std::set<std::size_t> unstable_;
  Ablations found_;
};

}  // namespace

Result<void> ablate(Scene& scene, CheckResult& result) {
  if (scene.unit().files.empty()) {
    return cannot_run("it has no files that a directive could be taken from");
  }
  const auto ablations = Ablation(scene, result).run();
  if (!ablations) return ablations.error();
  conclude_loads(*ablations, result);
  if (!ablations->untried.empty()) {
    result.notes.push_back("what " +
                           join({ablations->untried.begin(), ablations->untried.end()}, ", ") +
                           " carry is not tried on a machine, where no cell makes directories");
  }
  return {};
}

}  // namespace sandproof
