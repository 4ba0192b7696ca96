#include "explain/cure.h"

#include <algorithm>
#include <cerrno>
#include <set>

#include "base/text.h"
#include "explain/narrow.h"

namespace sandproof::explain {

namespace {

// A program that finds one path after the other closed is helped as often as this.
constexpr int most_rounds = 8;
constexpr std::size_t changes_at_a_time = 3;

// The narrowest first, and a few at a time: mostly one of them is it.
Result<const Change*> first_that_starts(Experiments& experiments,
                                        const std::vector<Change>& changes,
                                        const std::set<std::string>& without) {
  for (std::size_t begin = 0; begin < changes.size(); begin += changes_at_a_time) {
    const auto end = std::min(changes.size(), begin + changes_at_a_time);
    std::vector<Way> ways;
    for (std::size_t i = begin; i < end; ++i) {
      ways.push_back({without, changes[i].lines, changes[i].commands});
    }
    const auto works = experiments.starts(ways);
    if (!works) return works.error();
    for (std::size_t i = 0; i < ways.size(); ++i) {
      if ((*works)[i]) return &changes[begin + i];
    }
  }
  return static_cast<const Change*>(nullptr);
}

// The first that starts the unit and that does so, too, when it has its whole time.
Result<std::optional<Change>> first_that_helps(Experiments& experiments,
                                               std::vector<Change> changes) {
  while (!changes.empty()) {
    const auto best = first_that_starts(experiments, changes, {});
    if (!best) return best.error();
    if (*best == nullptr) break;
    const Change change = **best;
    changes.erase(changes.begin(), changes.begin() + (*best - changes.data()) + 1);
    auto confirmation = experiments.confirm({{{}, change.lines, change.commands}});
    if (!confirmation) return confirmation.error();
    const auto confirmed = confirmation->wait();
    if (!confirmed) return confirmed.error();
    if (confirmed->front()) return std::optional(change);
  }
  return std::optional<Change>();
}

Change together(const std::vector<Change>& parts) {
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

// Changes for one directive of a stage, with the others of the set taken away.
class OfOne {
 public:
  OfOne(Experiments& experiments, const Failure& failure, std::string culprit,
        std::set<std::string> others)
      : experiments_(experiments),
        failure_(failure),
        culprit_(std::move(culprit)),
        others_(std::move(others)) {}

  Result<std::vector<Change>> changes(std::vector<Narrowed>& narrowed) {
    auto found = narrow_down();
    if (!found) return found.error();
    std::vector<std::string> elements;
    for (auto& one : *found) {
      if (elements.empty()) elements = one.elements;
      narrowed.push_back(std::move(one));
    }
    auto changes = changes_for(culprit_, experiments_.text(), failure_, elements);
    auto writable = grow_paths();
    if (!writable) return writable.error();
    if (!writable->lines.empty()) changes.insert(changes.begin(), *std::move(writable));
    return changes;
  }

 private:
  Result<std::vector<Narrowed>> narrow_down() {
    const Narrowing narrowing{experiments_.text(), failure_,
                              [this](const std::vector<std::vector<std::string>>& lines) {
                                std::vector<Way> ways;
                                ways.reserve(lines.size());
                                for (const auto& some : lines) ways.push_back({others_, some, {}});
                                return experiments_.starts(ways);
                              },
                              [this](const std::vector<std::string>& lines) {
                                return experiments_.follow({others_, lines, {}});
                              }};
    return narrow(narrowing, culprit_);
  }

  // A program that gets to the next closed path when the first is opened.
  Result<Change> grow_paths() {
    Change change;
    if (culprit_ != "ProtectSystem" && culprit_ != "ReadOnlyPaths") return change;
    std::vector<std::string> paths;
    Trace trace = failure_.trace;
    for (int round = 0; round < most_rounds && add_paths(trace, paths); ++round) {
      change.lines = {"ReadWritePaths=" + join(paths, " ")};
      auto trial = experiments_.follow({others_, change.lines, {}});
      if (!trial) return trial.error();
      if (trial->starts) {
        change.says = change.lines.front();
        change.gives_up = "the service can write to " + join(paths, ", ");
        return change;
      }
      trace = std::move(trial->trace);
    }
    return Change();
  }

  // Whether there was any to add.
  static bool add_paths(const Trace& trace, std::vector<std::string>& paths) {
    bool is_more = false;
    for (const auto& call : trace.refused) {
      if (!call.of_program || call.error != EROFS || !call.object.starts_with('/')) continue;
      // Where a file is to be made, its folder has to be writable.
      const std::string folder = call.object.substr(0, call.object.rfind('/'));
      if (folder.empty() || std::find(paths.begin(), paths.end(), folder) != paths.end()) continue;
      paths.push_back(folder);
      is_more = true;
    }
    return is_more;
  }

  Experiments& experiments_;
  const Failure& failure_;
  std::string culprit_;
  std::set<std::string> others_;
};

}  // namespace

Result<Cure> find_cure(Experiments& experiments, const std::vector<Stage>& stages) {
  std::vector<std::string> set;
  for (const auto& stage : stages) {
    set.insert(set.end(), stage.culprits.begin(), stage.culprits.end());
  }
  std::sort(set.begin(), set.end());
  Cure cure;
  std::vector<Change> whole;  // each alone might do
  std::vector<Change> parts;  // one a culprit, together
  for (const auto& stage : stages) {
    for (const auto& culprit : stage.culprits) {
      std::set<std::string> others(set.begin(), set.end());
      others.erase(culprit);
      const auto changes =
          OfOne(experiments, stage.failure, culprit, others).changes(cure.narrowed);
      if (!changes) return changes.error();
      if (set.size() > 1) {
        const auto best = first_that_starts(experiments, *changes, others);
        if (!best) return best.error();
        if (*best != nullptr) parts.push_back(**best);
      }
      whole.insert(whole.end(), changes->begin(), changes->end());
    }
  }
  if (set.size() > 1) whole.push_back(together(parts));
  for (auto& change : changes_of_the_machine(experiments.text(), stages.front().failure)) {
    whole.push_back(std::move(change));
  }
  // Taking something away as a whole is a way out, but the last one.
  whole.push_back(reset_change(set, experiments.text()));
  std::stable_partition(whole.begin(), whole.end(),
                        [](const Change& change) { return !change.is_reset; });
  auto change = first_that_helps(experiments, std::move(whole));
  if (!change) return change.error();
  cure.change = *std::move(change);
  return cure;
}

Result<Cure> find_cure(Experiments& experiments, const Failure& failure) {
  auto change = first_that_helps(experiments, changes_of_the_machine(experiments.text(), failure));
  if (!change) return change.error();
  return Cure{*std::move(change), {}};
}

}  // namespace sandproof::explain
