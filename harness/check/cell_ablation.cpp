#include "check/cell_ablation.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <utility>

#include "check/filters.h"
#include "check/merged_trials.h"

namespace sandproof {

namespace {

// What these do to a path, another mount of the same file system may undo.
constexpr std::array of_paths = {"InaccessiblePaths",    "NoExecPaths",   "PrivateTmp",
                                 "ProtectControlGroups", "ProtectHome",   "ProtectKernelTunables",
                                 "ProtectSystem",        "ReadOnlyPaths", "TemporaryFileSystem"};

bool is_of_paths(const std::string& name) {
  return std::find(of_paths.begin(), of_paths.end(), name) != of_paths.end();
}

// Of three or more, one is left, which another directive may undo: PrivateTmp= brings a writable
// mount of what ProtectSystem= makes read-only. Of two, the other is taken away alone.
std::vector<Trial> leaving_one(const std::vector<Trial>& without_all) {
  std::vector<Trial> trials;
  for (const auto& trial : without_all) {
    if (trial.without.size() < 3 || trial.without.contains("NoNewPrivileges")) continue;
    for (const auto& name : trial.without) {
      if (!is_of_paths(name)) continue;
      trials.push_back(trial);
      trials.back().without.erase(name);
    }
  }
  return trials;
}

}  // namespace

CellAblation::CellAblation(Trials& trials, const CheckResult& result, const Ablatable& ablatable,
                           Cell cell, Indices attempts)
    : trials_(trials),
      result_(result),
      ablatable_(ablatable),
      cell_(cell),
      attempts_(std::move(attempts)) {
  for (const auto& name : ablatable.names) {
    const bool is_of_another = cell == Cell::sandboxed_root && is_identity(name);
    if (!is_of_another && !ablatable.of_directories.contains(name)) names_.insert(name);
  }
}

Result<void> CellAblation::run() {
  if (auto done = find_all_stoppers(); !done) return done;
  if (auto done = take_away(); !done) return done;
  if (auto done = explain_side_doors(); !done) return done;
  if (auto done = take_away_one_by_one(singles_of_the_unexplained(false)); !done) return done;
  return explain_the_rest();
}

Indices CellAblation::left_to_directories() const {
  Indices left;
  for (const auto index : attempts_) {
    const auto found = stoppers_.find(index);
    const bool is_stopped = found != stoppers_.end() && !found->second.empty();
    if (!is_stopped || is_unexplained(index)) left.push_back(index);
  }
  return left;
}

Indices CellAblation::denied() const {
  Indices denied;
  std::copy_if(attempts_.begin(), attempts_.end(), std::back_inserter(denied),
               [this](std::size_t index) { return result_.attempts[index].must == Must::denied; });
  return denied;
}

// With only what is kept in force, and each of the others by itself.
StopperSearch CellAblation::search_with(const Names& kept, Indices attempts) const {
  StopperSearch search{{}, {}, kept, cell_, std::move(attempts)};
  std::vector<std::string> candidates;
  for (const auto& name : ablatable_.names) {
    if (is_identity(name)) continue;
    search.directives.insert(name);
    if (names_.contains(name) && !kept.contains(name)) candidates.push_back(name);
  }
  search.slices = slices_for(candidates, search.attempts);
  return search;
}

// The filters are one slice: what they stop is to be known with RestrictNamespaces= among them,
// without which a probe goes another way.
std::vector<Names> CellAblation::slices_for(const std::vector<std::string>& candidates,
                                            const Indices& attempts) const {
  const auto filters = all_filters_of({candidates.begin(), candidates.end()});
  std::vector<std::string> others;
  std::copy_if(candidates.begin(), candidates.end(), std::back_inserter(others),
               [&filters](const std::string& name) { return !filters.contains(name); });
  auto result = slices(in_order_of_promises(std::move(others), attempts));
  if (!filters.empty()) result.push_back(filters);
  return result;
}

// As the attempts come by which they promise something, which are those of one family after the
// other; then those that promise nothing of them.
std::vector<std::string> CellAblation::in_order_of_promises(std::vector<std::string> names,
                                                            const Indices& attempts) const {
  std::map<std::string, std::size_t> first;
  for (const auto index : attempts) {
    for (const auto& name : result_.attempts[index].directives) first.try_emplace(name, index);
  }
  const auto place = [&](const std::string& name) {
    const auto found = first.find(name);
    return found != first.end() ? found->second : result_.attempts.size();
  };
  std::stable_sort(names.begin(), names.end(),
                   [&](const auto& one, const auto& other) { return place(one) < place(other); });
  return names;
}

Result<void> CellAblation::find_all_stoppers() {
  auto found = find_stoppers(trials_, {search_with({}, denied())});
  if (!found) return found.error();
  stoppers_ = std::move(found->stoppers);
  unclear_ = std::move(found->unclear);
  return {};
}

// What is permitted, nothing stops.
Stoppers CellAblation::known_stoppers() const {
  Stoppers known = stoppers_;
  for (const auto index : attempts_) {
    if (result_.attempts[index].must == Must::allowed) known[index];
  }
  return known;
}

Result<std::vector<Effects>> CellAblation::run_merged(const std::vector<Trial>& trials) {
  while (true) {
    const MergedTrials merged(trials, ablatable_.names, known_stoppers(), unclear_);
    const auto effects = trials_.run(merged.cells());
    if (!effects) return effects.error();
    const auto contradicted = merged.contradicted_by(*effects);
    if (contradicted.empty()) return merged.effects_of(*effects);
    unclear_.insert(contradicted.begin(), contradicted.end());
  }
}

// Those that may be taken away together with others, since each attempt has another that stops it:
// none where something is stopped only by several together, and none that lets pass what another
// may stop.
std::vector<std::string> CellAblation::seemingly_dispensable(
    const std::vector<Names>& stoppers) const {
  const auto has = [&stoppers](const Names& names) {
    return std::find(stoppers.begin(), stoppers.end(), names) != stoppers.end();
  };
  std::vector<std::string> names;
  if (has({})) return names;
  for (const auto& name : names_) {
    const bool is_loosening = ablatable_.loosening.contains(name);
    if (!has({name}) && !is_identity(name) && !is_loosening) names.push_back(name);
  }
  return names;
}

// What another directive stops by itself is still stopped without this one. What is stopped by
// several together may end otherwise; and what is permitted, by one whose purpose that is.
Indices CellAblation::borne_perhaps(const std::string& name) const {
  if (is_identity(name)) return attempts_;
  Indices borne;
  for (const auto index : attempts_) {
    const auto found = stoppers_.find(index);
    const bool is_permitted = result_.attempts[index].must == Must::allowed;
    const bool is_borne = found != stoppers_.end()
                              ? found->second.empty() || found->second.contains(name)
                              : is_permitted && ablatable_.loosening.contains(name);
    if (is_borne) borne.push_back(index);
  }
  return borne;
}

// All that may only restrict, for what none of them stops: to take them away changes nothing of it.
Trial CellAblation::without_restrictions() const {
  Trial trial{{}, cell_, {}};
  for (const auto& name : names_) {
    if (!is_identity(name) && !ablatable_.loosening.contains(name)) trial.without.insert(name);
  }
  std::copy_if(attempts_.begin(), attempts_.end(), std::back_inserter(trial.attempts),
               [this](std::size_t index) { return !stoppers_.contains(index); });
  return trial;
}

std::vector<Trial> CellAblation::singles_and_groups() const {
  std::vector<Names> stoppers;
  for (const auto& [index, names] : stoppers_) stoppers.push_back(names);
  const auto dispensable = seemingly_dispensable(stoppers);
  std::vector<Trial> trials;
  for (const auto& name : names_) {
    if (std::find(dispensable.begin(), dispensable.end(), name) == dispensable.end()) {
      trials.push_back({{name}, cell_, borne_perhaps(name)});
    }
  }
  for (auto& group : groups_that_leave_a_stopper(dispensable, stoppers)) {
    trials.push_back({std::move(group), cell_, attempts_});
  }
  auto unrestricted = without_restrictions();
  if (!unrestricted.without.empty()) trials.push_back(std::move(unrestricted));
  return trials;
}

// All that stop an attempt by themselves, where they are a pair or more.
std::vector<Trial> CellAblation::without_all_stoppers() const {
  std::map<Names, Indices> attempts;
  for (const auto& [index, stoppers] : stoppers_) {
    if (stoppers.size() > 1) attempts[stoppers].push_back(index);
  }
  std::vector<Trial> trials;
  for (const auto& [stoppers, indices] : attempts) trials.push_back({stoppers, cell_, indices});
  return trials;
}

Result<void> CellAblation::take_away() {
  const auto without = singles_and_groups();
  auto without_all = without_all_stoppers();
  for (auto& trial : leaving_one(without_all)) without_all.push_back(std::move(trial));
  std::vector<Trial> trials = {{{}, cell_, attempts_}};
  trials.insert(trials.end(), without.begin(), without.end());
  trials.insert(trials.end(), without_all.begin(), without_all.end());
  const auto effects = run_merged(trials);
  if (!effects) return effects.error();

  auto effect = effects->begin();
  unstable_ = changed_by(*effect++);
  std::vector<Trial> again;
  for (const auto& trial : without) {
    const auto& seen = *effect++;
    if (trial.without.size() == 1) {
      take_bearing(trial, seen);
    } else if (is_any_flipped(seen)) {
      for (const auto& name : trial.without) again.push_back({{name}, cell_, trial.attempts});
    }
  }
  if (auto done = take_away_one_by_one(again); !done) return done;
  for (const auto& trial : without_all) take_shared(trial, *effect++);
  return take_away_one_by_one(singles_of_the_unexplained(true));
}

Result<void> CellAblation::take_away_one_by_one(const std::vector<Trial>& trials) {
  const auto effects = trials_.run(trials);
  if (!effects) return effects.error();
  for (std::size_t i = 0; i < trials.size(); ++i) take_bearing(trials[i], effects->at(i));
  return {};
}

// Stopped by some by themselves, and carried by none of them: what lets pass what they stop is
// itself undone by another, perhaps.
bool CellAblation::is_unexplained(std::size_t index) const {
  const auto found = stoppers_.find(index);
  return found != stoppers_.end() && !found->second.empty() && !found_.bearing.contains(index) &&
         !found_.shared.contains(index);
}

// Of what is unexplained, each by itself: one of those that stop it, or one of the others.
std::vector<Trial> CellAblation::singles_of_the_unexplained(bool are_stoppers) const {
  std::vector<Trial> trials;
  for (const auto& name : names_) {
    Trial trial{{name}, cell_, {}};
    for (const auto& [index, stoppers] : stoppers_) {
      if (is_unexplained(index) && stoppers.contains(name) == are_stoppers) {
        trial.attempts.push_back(index);
      }
    }
    if (!trial.attempts.empty()) trials.push_back(std::move(trial));
  }
  return trials;
}

// A side door leads around a directive, and something that does not stop the attempt by itself may
// shut the door where that directive is in force: a mount that is locked by PrivateUsers= stays as
// read-only as ProtectSystem= made it.
Result<void> CellAblation::explain_side_doors() {
  std::map<Names, Indices> around;
  for (const auto index : attempts_) {
    const auto& attempt = result_.attempts[index];
    if (attempt.side_door.empty() || !is_unexplained(index)) continue;
    around[{attempt.directives.begin(), attempt.directives.end()}].push_back(index);
  }
  std::vector<StopperSearch> searches;
  for (const auto& [directives, attempts] : around) {
    searches.push_back(search_with(directives, attempts));
  }
  const auto found = find_stoppers(trials_, searches);
  if (!found) return found.error();
  std::vector<Trial> trials;
  for (const auto& [index, also] : found->stoppers) {
    auto& stoppers = stoppers_[index];
    stoppers.insert(also.begin(), also.end());
    trials.push_back({stoppers, cell_, {index}});
  }
  const auto effects = trials_.run(trials);
  if (!effects) return effects.error();
  for (std::size_t i = 0; i < trials.size(); ++i) take_shared(trials[i], effects->at(i));
  return {};
}

// Some stop an attempt each by itself, and others only together. Where the former are away, the
// absence of any one of the latter lets it through: PrivateUsers= and ProtectProc=invisible hide a
// process of the same user.
Result<void> CellAblation::explain_the_rest() {
  std::map<Names, Indices> rest;
  for (const auto& [index, stoppers] : stoppers_) {
    if (is_unexplained(index)) rest[stoppers].push_back(index);
  }
  std::vector<Trial> trials;
  for (const auto& [stoppers, attempts] : rest) {
    for (const auto& name : names_) {
      if (is_identity(name) || stoppers.contains(name)) continue;
      trials.push_back({stoppers, cell_, attempts});
      trials.back().without.insert(name);
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

bool CellAblation::is_flipped(std::size_t index, Effect effect) const {
  return sandproof::is_flipped(effect) && !unstable_.contains(index);
}

bool CellAblation::is_any_flipped(const Effects& effects) const {
  return std::any_of(effects.begin(), effects.end(),
                     [this](const auto& each) { return is_flipped(each.first, each.second); });
}

void CellAblation::take_bearing(const Trial& trial, const Effects& effects) {
  for (const auto& [index, effect] : effects) {
    if (is_flipped(index, effect)) found_.bearing[index].insert(*trial.without.begin());
  }
}

void CellAblation::take_shared(const Trial& trial, const Effects& effects) {
  for (const auto& [index, effect] : effects) {
    if (is_flipped(index, effect) && !found_.bearing.contains(index)) {
      found_.shared[index] = trial.without;
    }
  }
}

}  // namespace sandproof
