#include "explain/explain.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <map>
#include <optional>
#include <set>

#include "base/names.h"
#include "base/program.h"
#include "base/text.h"
#include "explain/cure.h"
#include "explain/describe.h"
#include "explain/experiment.h"
#include "explain/host_trial.h"
#include "explain/isolate.h"
#include "explain/source.h"
#include "explain/syscalls.h"

namespace sandproof::explain {

namespace {

constexpr std::size_t most_evidence = 3;

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

class Explainer {
 public:
  Explainer(Manager& manager, Source source, const ExplainOptions& options)
      : manager_(manager), options_(options) {
    result_.manager = manager.facts();
    result_.unit = source.unit;
    result_.files = source.files;
    experiments_.emplace(std::move(source), options);
  }

  Result<Explanation> run() {
    if (auto done = find_out(); !done) return done.error();
    result_.trials = experiments_->trials();
    result_.seconds = now() - begin_;
    return std::move(result_);
  }

 private:
  const UnitText& text() const { return experiments_->text(); }

  Result<void> find_out() {
    options_.progress("starting " + result_.unit);
    const auto baseline = experiments_->fail({});
    if (!baseline) return baseline.error();
    result_.words = baseline->trial.words;
    for (const auto& directive : text().directives()) {
      if (options_.is_untried(directive)) result_.untried.push_back(directive);
    }
    if (baseline->trial.starts) {
      result_.starts = true;
      result_.result = "success";
      result_.innocent = experiments_->directives();
      if (!baseline->trial.runs_on) result_.notes.push_back("it ended by itself, successfully");
      return {};
    }
    tell_how_it_failed(*baseline);
    experiments_->hurry(*baseline);
    const Explanation before = result_;
    while (true) {
      const auto is_certain = explain(*baseline);
      if (!is_certain) return is_certain.error();
      if (*is_certain) break;
      // What was seen in a hurry did not last: once more, with more time.
      result_ = before;
      experiments_->hurry_less(failed_after_);
    }
    tell_what_did_not_last();
    return {};
  }

  void tell_how_it_failed(const Failure& failure) {
    const auto& trial = failure.trial;
    result_.result = trial.result;
    result_.command = trial.command;
    result_.message = trial.message;
    result_.step = trial.step;
    if (trial.exited || trial.is_systemds) result_.status = trial.status;
    const bool is_signal = !trial.exited && trial.status != 0 && !trial.is_systemds;
    if (!is_signal) return;
    result_.signal = signal_name(trial.status);
    if (trial.status != SIGSYS) return;
    result_.syscall = failure.trace.fatal_call;
    const auto groups = groups_of_calls();
    const auto found = groups.find(result_.syscall);
    if (found != groups.end()) result_.syscall_groups = found->second;
  }

  // The manager's own systemd knows which call is in which group.
  std::map<std::string, std::vector<std::string>> groups_of_calls() const {
    const auto& root = manager_.files().name();
    const auto listing = root == "/"
                             ? run_program("systemd-analyze", {"syscall-filter", "--no-pager"})
                             : run_program("chroot", {root.string(), "systemd-analyze",
                                                      "syscall-filter", "--no-pager"});
    return listing ? parse_groups(*listing) : std::map<std::string, std::vector<std::string>>();
  }

  // False where what was found may be wrong, for having been found in a hurry.
  Result<bool> explain(const Failure& baseline) {
    options_.progress("looking for what is to blame");
    const auto sets = find_sets();
    if (!sets) return sets.error();
    if (sets->empty()) {
      failed_after_ = 0;
      if (experiments_->is_in_a_hurry() && experiments_->ran_out_of_time()) return false;
      tell_culprits({});
      auto told = explain_without_sandbox(baseline);
      return told ? Result<bool>(true) : Result<bool>(told.error());
    }
    std::vector<Way> ways;
    for (const auto& set : *sets) ways.push_back({set, {}, {}});
    // In flight while the rest goes on, which is for nothing if it should fail.
    auto confirmation = experiments_->confirm(ways);
    if (!confirmation) return confirmation.error();
    result_.isolation_trials = experiments_->trials();
    const double isolated = now();
    tell_culprits(*sets);
    if (auto told = explain_with_sandbox(baseline); !told) return told.error();
    const auto confirmed = confirmation->wait();
    if (!confirmed) return confirmed.error();
    result_.isolation_seconds = std::max(isolated, confirmation->ended()) - begin_;
    for (std::size_t i = 0; i < sets->size(); ++i) {
      if (!(*confirmed)[i]) did_not_last_.insert((*sets)[i]);
    }
    failed_after_ = confirmation->failed_after();
    return std::find(confirmed->begin(), confirmed->end(), false) == confirmed->end();
  }

  Result<std::vector<Names>> find_sets() {
    std::vector<std::string> suspects;
    std::vector<std::string> grants;
    for (auto& directive : experiments_->directives()) {
      (is_grant(directive) ? grants : suspects).push_back(directive);
    }
    return isolate(suspects, grants, [this](const std::vector<Names>& gone) {
      std::vector<Way> ways;
      for (const auto& names : gone) ways.push_back({names, {}, {}});
      return experiments_->starts(ways);
    });
  }

  void tell_culprits(const std::vector<Names>& sets) {
    std::set<std::string> blamed;
    for (const auto& set : sets) {
      result_.culprits.emplace_back(set.begin(), set.end());
      blamed.insert(set.begin(), set.end());
    }
    sort_culprits();
    for (const auto& directive : experiments_->directives()) {
      if (blamed.contains(directive)) {
        result_.places.push_back(text().place_of(directive));
      } else {
        result_.innocent.push_back(directive);
      }
    }
  }

  // What keeps something from the service comes before what gives it something: without User= it
  // is root, which helps against nearly everything.
  void sort_culprits() {
    const auto grants_in = [](const std::vector<std::string>& set) {
      return std::count_if(set.begin(), set.end(), is_grant);
    };
    std::stable_sort(result_.culprits.begin(), result_.culprits.end(),
                     [&](const auto& one, const auto& other) {
                       if (one.size() != other.size()) return one.size() < other.size();
                       return grants_in(one) < grants_in(other);
                     });
  }

  Result<void> explain_without_sandbox(const Failure& failure) {
    result_.because = describe(failure, {}, text());
    options_.progress("looking for a way out");
    const auto cure = find_cure(*experiments_, failure);
    if (!cure) return cure.error();
    tell_cure(*cure);
    return {};
  }

  Result<void> explain_with_sandbox(const Failure& baseline) {
    auto stages = stages_of(baseline);
    if (!stages) return stages.error();
    for (const auto& stage : *stages) {
      for (auto& sentence : describe(stage.failure, stage.culprits, text())) {
        result_.because.push_back(std::move(sentence));
      }
      add_evidence(stage);
    }
    options_.progress("looking for the smallest change");
    const auto cure = find_cure(*experiments_, *stages);
    if (!cure) return cure.error();
    tell_cure(*cure);
    return {};
  }

  // A set of several is told one after the other, where taking one away fails in another way.
  Result<std::vector<Stage>> stages_of(const Failure& baseline) {
    std::vector<std::string> rest = result_.culprits.front();
    std::vector<Stage> stages = {{baseline, {}}};
    std::set<std::string> gone;
    while (rest.size() > 1) {
      const auto next = what_changes_the_failure(stages.back().failure.trial, gone, rest);
      if (!next) return next.error();
      if (next->empty()) break;
      stages.back().culprits = {*next};
      gone.insert(*next);
      std::erase(rest, *next);
      auto failure = experiments_->fail({gone, {}, {}});
      if (!failure) return failure.error();
      stages.push_back({*std::move(failure), {}});
    }
    stages.back().culprits = rest;
    if (auto compared = compare_with_cured(stages); !compared) return compared.error();
    return stages;
  }

  // Of the candidates one without which it fails in another way; "" where it is always the same.
  Result<std::string> what_changes_the_failure(const Trial& failure,
                                               const std::set<std::string>& gone,
                                               const std::vector<std::string>& candidates) {
    std::vector<Way> ways;
    for (const auto& candidate : candidates) {
      ways.push_back({gone, {}, {}});
      ways.back().without.insert(candidate);
    }
    const auto tried = experiments_->starts(ways);
    if (!tried) return tried.error();
    std::string next;
    for (std::size_t i = 0; i < ways.size(); ++i) {
      if (is_same_failure(experiments_->seen(ways[i]), failure)) continue;
      next = candidates[i];
      if (!is_grant(next)) break;
    }
    return next;
  }

  // What the sandbox refuses is what is not refused without the culprits.
  Result<void> compare_with_cured(std::vector<Stage>& stages) {
    const bool is_all_systemds = std::all_of(stages.begin(), stages.end(), [](const Stage& stage) {
      return stage.failure.trial.is_systemds;
    });
    if (is_all_systemds || !experiments_->can_follow()) return {};
    const auto& set = result_.culprits.front();
    const auto cured = experiments_->follow({{set.begin(), set.end()}, {}, {}});
    if (!cured) return cured.error();
    for (auto& stage : stages) {
      stage.failure.refused = refused_by_sandbox(stage.failure.trace, cured->trace);
    }
    return {};
  }

  void add_evidence(const Stage& stage) {
    std::size_t count = 0;
    for (const auto& call : stage.failure.refused) {
      if (stage.failure.trial.is_systemds || ++count > most_evidence) break;
      result_.evidence.push_back({explain::to_string(call), join(stage.culprits, ", ")});
    }
    if (!stage.failure.trace.fatal_call.empty()) {
      result_.evidence.push_back(
          {stage.failure.trace.fatal_call + "() = killed by SIGSYS", join(stage.culprits, ", ")});
    }
  }

  void tell_cure(const Cure& cure) {
    result_.narrowed = cure.narrowed;
    if (!cure.change) return;
    const auto& change = *cure.change;
    result_.suggestion = change.says;
    result_.gives_up = change.gives_up;
    result_.commands = change.commands;
    // Not every systemd says so: 262 has "Invalid argument". That it could be made, and helped,
    // does.
    const bool is_user_made =
        !change.commands.empty() && change.commands.front().starts_with("useradd ");
    const bool is_group_made =
        !change.commands.empty() && change.commands.front().starts_with("groupadd ");
    if ((result_.step == "USER" && is_user_made) || (result_.step == "GROUP" && is_group_made)) {
      result_.because = {missing_account(result_.step, text())};
    }
    if (!change.lines.empty()) result_.drop_in = "[Service]\n" + join(change.lines, "\n") + "\n";
  }

  void tell_what_did_not_last() {
    for (const auto& set : did_not_last_) {
      const std::vector<std::string> names(set.begin(), set.end());
      const auto& named = result_.culprits;
      if (std::find(named.begin(), named.end(), names) != named.end()) continue;
      result_.notes.push_back("without " + join(names, "= and ") +
                              "= alone the unit comes up, and does not stay up");
    }
  }

  Manager& manager_;
  const ExplainOptions& options_;
  std::optional<Experiments> experiments_;
  Explanation result_;
  std::set<Names> did_not_last_;
  double failed_after_ = 0;
  const double begin_ = now();
};

}  // namespace

Result<Explanation> explain_unit(Manager& manager, const std::string& what,
                                 const ExplainOptions& options) {
  auto source = read_source(manager, what);
  if (!source) return source.error().with_prefix("cannot explain " + what);
  if (!manager.is_disposable()) {
    const auto is_free = check_not_running(manager, source->unit);
    if (!is_free) return is_free.error().with_prefix("cannot explain " + what);
  }
  auto explanation = Explainer(manager, *std::move(source), options).run();
  if (!explanation) return explanation.error().with_prefix("cannot explain " + what);
  return explanation;
}

}  // namespace sandproof::explain
