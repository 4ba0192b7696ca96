#include "explain/explain.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <map>
#include <set>

#include "base/names.h"
#include "base/program.h"
#include "base/text.h"
#include "explain/describe.h"
#include "explain/isolate.h"
#include "explain/narrow.h"
#include "explain/source.h"
#include "explain/suggest.h"
#include "explain/syscalls.h"

namespace sandproof::explain {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t most_evidence = 3;
// A program that finds one path after the other closed is helped as often as this.
constexpr int most_rounds = 8;
constexpr std::size_t changes_at_a_time = 3;

// One way to start the unit.
struct Way {
  std::set<std::string> without;
  std::vector<std::string> lines;
  std::vector<std::string> commands;

  auto operator<=>(const Way&) const = default;
};

struct Stage {
  Failure failure;
  std::vector<std::string> culprits;
};

class Explainer {
 public:
  Explainer(Manager& manager, Source source, const ExplainOptions& options)
      : manager_(manager), source_(std::move(source)), options_(options) {
    result_.manager = manager.facts();
    result_.unit = source_.unit;
    result_.files = source_.files;
  }

  Result<Explanation> run() {
    const auto begin = Clock::now();
    if (auto done = find_out(); !done) return done.error();
    result_.trials = trials_;
    result_.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    return std::move(result_);
  }

 private:
  const UnitText& text() const { return source_.text; }

  TrialPlan plan(const Way& way, double seconds, bool follow) const {
    TrialPlan plan;
    plan.unit = source_.unit;
    plan.fragment = text().fragment(way.without, way.lines, seconds);
    plan.drop_ins = source_.drop_ins;
    plan.is_installed = source_.is_installed;
    plan.before = options_.before;
    plan.changes = way.commands;
    plan.health = options_.health;
    plan.seconds = seconds;
    if (follow) {
      std::string folder = text().value_of("WorkingDirectory");
      if (!folder.starts_with('/')) folder.clear();
      plan.trace = TraceOptions{
          source_.unit, text().programs(),
          folder.empty() ? std::vector<std::string>() : std::vector<std::string>{folder}};
    }
    return plan;
  }

  // Ways that were tried already are not tried again.
  Result<std::vector<bool>> starts(const std::vector<Way>& ways) {
    std::vector<TrialPlan> plans;
    std::vector<Way> fresh;
    for (const auto& way : ways) {
      if (tried_.contains(way) || std::find(fresh.begin(), fresh.end(), way) != fresh.end()) {
        continue;
      }
      fresh.push_back(way);
      plans.push_back(plan(way, seconds_, false));
    }
    if (!plans.empty()) {
      auto trials = run_all(plans);
      if (!trials) return trials.error();
      for (std::size_t i = 0; i < fresh.size(); ++i) tried_[fresh[i]] = (*trials)[i];
    }
    std::vector<bool> result;
    for (const auto& way : ways) result.push_back(tried_[way].starts);
    return result;
  }

  // With the whole time, where they had less.
  Result<std::vector<bool>> confirm(const std::vector<Way>& ways) {
    if (seconds_ >= options_.seconds) return starts(ways);
    std::vector<TrialPlan> plans;
    for (const auto& way : ways) plans.push_back(plan(way, options_.seconds, false));
    const auto trials = run_all(plans);
    if (!trials) return trials.error();
    std::vector<bool> result;
    for (const auto& trial : *trials) result.push_back(trial.starts);
    return result;
  }

  Result<std::vector<Trial>> run_all(const std::vector<TrialPlan>& plans) {
    trials_ += static_cast<int>(plans.size());
    return options_.run(plans);
  }

  // Twice: left alone, and followed, which takes longer and changes nothing else.
  Result<Failure> fail_with(const Way& way) {
    auto trials = run_all({plan(way, seconds_, false), plan(way, seconds_ * 2, true)});
    if (!trials) return trials.error();
    Failure failure;
    failure.trial = std::move((*trials)[0]);
    failure.trace = std::move((*trials)[1].trace);
    if (failure.trial.step == "NAMESPACE") {
      failure.missing_path = path_in_message(failure.trial.message);
    }
    return failure;
  }

  Result<void> find_out() {
    options_.progress("starting " + source_.unit);
    seconds_ = options_.seconds;
    auto baseline = fail_with({});
    if (!baseline) return baseline.error();
    if (baseline->trial.starts) {
      result_.starts = true;
      result_.result = "success";
      result_.words = baseline->trial.words;
      result_.innocent = text().directives();
      if (!baseline->trial.runs_on) result_.notes.push_back("it ended by itself, successfully");
      return {};
    }
    tell_how_it_failed(*baseline);
    // What fails fails about as soon as this did; what starts is then given its whole time again.
    const bool is_slow = baseline->trial.result == "timeout" || baseline->trial.result == "health";
    if (!is_slow) {
      seconds_ = std::min(options_.seconds, std::max(1.0, 4 * baseline->trial.seconds + 0.5));
    }
    options_.progress("looking for what is to blame");
    if (auto isolated = isolate_culprits(); !isolated) return isolated;
    if (result_.culprits.empty()) return explain_without_sandbox(*baseline);
    return explain_with_sandbox(*baseline);
  }

  void tell_how_it_failed(const Failure& failure) {
    const auto& trial = failure.trial;
    result_.result = trial.result;
    result_.command = trial.command;
    result_.message = trial.message;
    result_.words = trial.words;
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

  Result<void> isolate_culprits() {
    auto is_certain = try_to_isolate();
    if (!is_certain) return is_certain.error();
    if (*is_certain || seconds_ >= options_.seconds) return {};
    // The shorter time was too short for this machine at this moment.
    seconds_ = options_.seconds;
    tried_.clear();
    result_.culprits.clear();
    result_.places.clear();
    result_.innocent.clear();
    result_.notes.clear();
    is_certain = try_to_isolate();
    return is_certain ? Result<void>() : Result<void>(is_certain.error());
  }

  // False where a set that helped did not help when it was given its whole time, or where nothing
  // did: what would start may have had too little.
  Result<bool> try_to_isolate() {
    std::vector<std::string> suspects;
    std::vector<std::string> grants;
    for (auto& directive : text().directives()) {
      (is_grant(directive) ? grants : suspects).push_back(directive);
    }
    auto sets = isolate(suspects, grants, [this](const std::vector<Names>& gone) {
      std::vector<Way> ways;
      for (const auto& names : gone) ways.push_back({names, {}, {}});
      return starts(ways);
    });
    if (!sets) return sets.error();
    // Each with the whole time, before it is named.
    std::vector<Way> ways;
    for (const auto& set : *sets) ways.push_back({set, {}, {}});
    const auto confirmed = confirm(ways);
    if (!confirmed) return confirmed.error();
    std::set<std::string> blamed;
    for (std::size_t i = 0; i < sets->size(); ++i) {
      const auto& set = (*sets)[i];
      if (!(*confirmed)[i]) {
        result_.notes.push_back("without " + join({set.begin(), set.end()}, "= and ") +
                                "= the unit comes up, and does not stay up");
        continue;
      }
      result_.culprits.emplace_back(set.begin(), set.end());
      blamed.insert(set.begin(), set.end());
    }
    sort_culprits();
    for (const auto& directive : text().directives()) {
      if (blamed.contains(directive)) {
        result_.places.push_back(text().place_of(directive));
      } else {
        result_.innocent.push_back(directive);
      }
    }
    return !sets->empty() && result_.culprits.size() == sets->size();
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

  Result<void> explain_without_sandbox(Failure& failure) {
    result_.because = describe(failure, {}, text());
    options_.progress("looking for a way out");
    return suggest(changes_of_the_machine(text(), failure), {});
  }

  Result<void> explain_with_sandbox(Failure& baseline) {
    const auto& set = result_.culprits.front();
    const Way cured{{set.begin(), set.end()}, {}, {}};
    auto followed = run_all({plan(cured, options_.seconds, true)});
    if (!followed) return followed.error();
    auto stages = stages_of(baseline, followed->front().trace);
    if (!stages) return stages.error();
    for (const auto& stage : *stages) {
      for (auto& sentence : describe(stage.failure, stage.culprits, text())) {
        result_.because.push_back(std::move(sentence));
      }
      add_evidence(stage);
    }
    options_.progress("looking for the smallest change");
    return change_something(*stages, set);
  }

  // A set of several is told one after the other, where taking one away fails in another way.
  Result<std::vector<Stage>> stages_of(Failure& baseline, const Trace& cured) {
    std::vector<std::string> rest = result_.culprits.front();
    std::vector<Stage> stages;
    Failure current = std::move(baseline);
    std::set<std::string> gone;
    while (true) {
      current.refused = refused_by_sandbox(current.trace, cured);
      if (rest.size() == 1) break;
      std::string next;
      for (const auto& candidate : rest) {
        auto without = gone;
        without.insert(candidate);
        const Way way{without, {}, {}};
        const auto tried = starts({way});
        if (!tried) return tried.error();
        if (!is_same_failure(tried_[way], current.trial)) {
          next = candidate;
          if (!is_grant(candidate)) break;
        }
      }
      if (next.empty()) break;
      stages.push_back({current, {next}});
      gone.insert(next);
      std::erase(rest, next);
      auto failure = fail_with({gone, {}, {}});
      if (!failure) return failure.error();
      current = *std::move(failure);
    }
    stages.push_back({std::move(current), rest});
    return stages;
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

  Result<void> change_something(const std::vector<Stage>& stages,
                                const std::vector<std::string>& set) {
    std::vector<Change> whole;  // each alone might do
    std::vector<Change> parts;  // one a culprit, together
    for (const auto& stage : stages) {
      for (const auto& culprit : stage.culprits) {
        std::set<std::string> others(set.begin(), set.end());
        others.erase(culprit);
        const auto narrowed = narrow_down(stage.failure, culprit, others);
        if (!narrowed) return narrowed.error();
        auto changes = changes_for(culprit, text(), stage.failure, *narrowed);
        auto writable = grow_paths(culprit, stage.failure, others);
        if (!writable) return writable.error();
        if (!writable->lines.empty()) changes.insert(changes.begin(), *std::move(writable));
        if (set.size() > 1) {
          const auto best = first_that_starts(changes, others);
          if (!best) return best.error();
          if (*best != nullptr) parts.push_back(**best);
        }
        whole.insert(whole.end(), changes.begin(), changes.end());
      }
    }
    if (set.size() > 1) whole.push_back(together(parts));
    for (auto& change : changes_of_the_machine(text(), stages.front().failure)) {
      whole.push_back(std::move(change));
    }
    // Taking something away as a whole is a way out, but the last one.
    whole.push_back(reset_change(set, text()));
    std::stable_partition(whole.begin(), whole.end(),
                          [](const Change& change) { return !change.is_reset; });
    return suggest(whole, {});
  }

  static Change together(const std::vector<Change>& parts) {
    Change all;
    std::vector<std::string> says;
    std::vector<std::string> losses;
    for (const auto& part : parts) {
      all.is_reset |= part.is_reset;
      all.lines.insert(all.lines.end(), part.lines.begin(), part.lines.end());
      all.commands.insert(all.commands.end(), part.commands.begin(), part.commands.end());
      says.push_back(part.says);
      if (!part.gives_up.empty()) losses.push_back(part.gives_up);
    }
    all.says = join(says, "; ");
    all.gives_up = join(losses, "; ");
    return all;
  }

  // The elements that changes are made of.
  Result<std::vector<std::string>> narrow_down(const Failure& failure, const std::string& culprit,
                                               const std::set<std::string>& others) {
    const Narrowing narrowing{
        text(), failure,
        [&](const std::vector<std::vector<std::string>>& lines) {
          std::vector<Way> ways;
          for (const auto& some : lines) ways.push_back({others, some, {}});
          return starts(ways);
        },
        [&](const std::vector<std::string>& lines) -> Result<Trial> {
          auto trials = run_all({plan({others, lines, {}}, seconds_ * 2, true)});
          if (!trials) return trials.error();
          return std::move(trials->front());
        }};
    auto narrowed = narrow(narrowing, culprit);
    if (!narrowed) return narrowed.error();
    std::vector<std::string> elements;
    for (auto& one : *narrowed) {
      if (elements.empty()) elements = one.elements;
      result_.narrowed.push_back(std::move(one));
    }
    return elements;
  }

  // A program that gets to the next closed path when the first is opened.
  Result<Change> grow_paths(const std::string& culprit, const Failure& failure,
                            const std::set<std::string>& others) {
    Change change;
    if (culprit != "ProtectSystem" && culprit != "ReadOnlyPaths") return change;
    std::vector<std::string> paths;
    Trace trace = failure.trace;
    const auto add = [&paths](const std::string& path) {
      if (path.empty() || path == "/" ||
          std::find(paths.begin(), paths.end(), path) != paths.end()) {
        return false;
      }
      paths.push_back(path);
      return true;
    };
    for (int round = 0; round < most_rounds; ++round) {
      bool is_more = false;
      for (const auto& call : trace.refused) {
        // Where a file is to be made, its folder has to be writable.
        if (call.of_program && call.error == EROFS && call.object.starts_with('/')) {
          is_more |= add(call.object.substr(0, call.object.rfind('/')));
        }
      }
      if (!is_more) break;
      change.lines = {"ReadWritePaths=" + join(paths, " ")};
      auto trials = run_all({plan({others, change.lines, {}}, seconds_ * 2, true)});
      if (!trials) return trials.error();
      if (trials->front().starts) {
        change.says = change.lines.front();
        change.gives_up = "the service can write to " + join(paths, ", ");
        return change;
      }
      trace = trials->front().trace;
    }
    return Change();
  }

  Result<const Change*> first_that_starts(const std::vector<Change>& changes,
                                          const std::set<std::string>& without) {
    // The narrowest first, and a few at a time: mostly one of them is it.
    for (std::size_t begin = 0; begin < changes.size(); begin += changes_at_a_time) {
      const auto end = std::min(changes.size(), begin + changes_at_a_time);
      std::vector<Way> ways;
      for (std::size_t i = begin; i < end; ++i) {
        ways.push_back({without, changes[i].lines, changes[i].commands});
      }
      const auto works = starts(ways);
      if (!works) return works.error();
      for (std::size_t i = 0; i < ways.size(); ++i) {
        if ((*works)[i]) return &changes[begin + i];
      }
    }
    return static_cast<const Change*>(nullptr);
  }

  Result<void> suggest(const std::vector<Change>& changes, const std::set<std::string>& without) {
    auto left = changes;
    while (!left.empty()) {
      const auto best = first_that_starts(left, without);
      if (!best) return best.error();
      if (*best == nullptr) return {};
      const Change change = **best;
      left.erase(left.begin(), left.begin() + (*best - left.data()) + 1);
      // Before it is printed it has its whole time.
      const auto confirmed = confirm({{without, change.lines, change.commands}});
      if (!confirmed) return confirmed.error();
      if (!confirmed->front()) continue;
      result_.suggestion = change.says;
      result_.gives_up = change.gives_up;
      result_.commands = change.commands;
      if (!change.lines.empty()) result_.drop_in = "[Service]\n" + join(change.lines, "\n") + "\n";
      return {};
    }
    return {};
  }

  Manager& manager_;
  Source source_;
  const ExplainOptions& options_;
  Explanation result_;
  std::map<Way, Trial> tried_;
  double seconds_ = 0;
  int trials_ = 0;
};

}  // namespace

Result<Explanation> explain_unit(Manager& manager, const std::string& what,
                                 const ExplainOptions& options) {
  auto source = read_source(manager, what);
  if (!source) return source.error().with_prefix("cannot explain " + what);
  auto explanation = Explainer(manager, *std::move(source), options).run();
  if (!explanation) return explanation.error().with_prefix("cannot explain " + what);
  return explanation;
}

}  // namespace sandproof::explain
