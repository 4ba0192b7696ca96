#include "check/ablate.h"

#include <algorithm>

#include "base/text.h"

namespace sandproof {

namespace {

using Indices = std::vector<std::size_t>;
using Names = std::set<std::string>;

bool is_implied_by(const Directive& directive, const std::string& name) {
  if (!directive.implied_by) return false;
  const auto causes = words(*directive.implied_by);
  return std::any_of(causes.begin(), causes.end(), [&name](const std::string& cause) {
    return cause == name || cause == name + ",";
  });
}

bool is_ablated(const DirectiveResult& result) {
  return !result.directive.is_ignored() && !result.directive.implied_by &&
         result.status != Status::off;
}

std::vector<std::string> directives_to_ablate(const CheckResult& result) {
  std::set<std::string> names;
  for (const auto& directive : result.directives) {
    if (is_ablated(directive)) names.insert(directive.directive.name);
  }
  return {names.begin(), names.end()};
}

Indices held_attempts(const CheckResult& result) {
  Indices indices;
  for (std::size_t i = 0; i < result.attempts.size(); ++i) {
    const auto& judgement = result.attempts[i].judgement;
    if (judgement.verdict == Verdict::held && judgement.proof != Proof::none) indices.push_back(i);
  }
  return indices;
}

// Whether it was root's cells that showed it. The two of the user show who the unit is.
bool is_proved_by_root(const AttemptResult& attempt) {
  return attempt.judgement.proof == Proof::root &&
         (attempt.must == Must::allowed || attempt.square.sandboxed_root.is_stopped());
}

SandboxedAttempts attempts_of(const CheckResult& result, const Indices& indices) {
  SandboxedAttempts attempts;
  std::set<Attempt> of_user;
  std::set<Attempt> of_root;
  for (const auto index : indices) {
    const auto& attempt = result.attempts[index];
    const bool by_root = is_proved_by_root(attempt);
    if ((by_root ? of_root : of_user).insert(attempt.attempt).second) {
      (by_root ? attempts.root : attempts.user).push_back(attempt.attempt);
    }
  }
  return attempts;
}

// Whether the attempt ends the other way in the cell that proved it.
bool is_flipped(const AttemptResult& attempt, const SandboxedOutcomes& variant) {
  const bool by_root = is_proved_by_root(attempt);
  const auto& outcomes = by_root ? variant.root : variant.user;
  const auto& before = by_root ? attempt.square.sandboxed_root : attempt.square.sandboxed_user;
  const auto found = outcomes.find(attempt.attempt);
  return found != outcomes.end() && !found->second.is_unable() &&
         found->second.is_allowed() != before.is_allowed();
}

// The identity alone: what an attempt needs to be the same attempt.
bool is_identity(const std::string& name) {
  return name == "User" || name == "Group" || name == "SupplementaryGroups" ||
         name == "DynamicUser";
}

// Runs of one unit's ablations, and what is asked of them.
class Ablation {
 public:
  Ablation(Scene& scene, const CheckResult& result)
      : scene_(scene),
        result_(result),
        names_(directives_to_ablate(result)),
        held_(held_attempts(result)) {}

  Result<Ablations> run() {
    if (auto done = run_singles(); !done) return done.error();
    const Indices uncarried = attempts_that_no_single_carries();
    if (uncarried.empty()) return found_;
    auto sufficient = run_soles(uncarried);
    if (!sufficient) return sufficient.error();
    if (auto done = run_pairs(*sufficient); !done) return done.error();
    return found_;
  }

 private:
  using Sufficient = std::map<std::size_t, Names>;

  // The attempts with some directives taken away, for each of several sets of them.
  Result<std::vector<SandboxedOutcomes>> run_without(const std::vector<Names>& sets,
                                                     const Indices& indices) {
    std::vector<Edit> edits;
    for (const auto& names : sets) edits.push_back({"", names});
    auto edited = scene_.edited_settings(edits);
    if (!edited) return edited.error();
    std::vector<Settings> variants;
    for (auto& settings : *edited) {
      variants.push_back(settings ? *std::move(settings) : scene_.unit().settings);
    }
    return scene_.run_variants(variants, attempts_of(result_, indices));
  }

  Result<void> run_singles() {
    std::vector<Names> sets;
    for (const auto& name : names_) sets.push_back({name});
    const auto outcomes = run_without(sets, held_);
    if (!outcomes) return outcomes.error();
    for (std::size_t i = 0; i < names_.size(); ++i) {
      for (const auto index : held_) {
        if (is_flipped(result_.attempts[index], outcomes->at(i))) {
          found_.bearing[index].insert(names_[i]);
        }
      }
    }
    return {};
  }

  Indices attempts_that_no_single_carries() const {
    Indices indices;
    std::copy_if(held_.begin(), held_.end(), std::back_inserter(indices),
                 [this](std::size_t index) { return !found_.bearing.contains(index); });
    return indices;
  }

  // All but the identity, and but one directive or none.
  Names all_but(const std::string& sole) const {
    Names names;
    for (const auto& name : names_) {
      if (name != sole && !is_identity(name)) names.insert(name);
    }
    return names;
  }

  // The directives that stop an attempt by themselves. What is stopped with none of them there is
  // stopped by a default of systemd's (UMask=0022), and by no directive.
  Result<Sufficient> run_soles(const Indices& indices) {
    std::vector<Names> sets;
    for (const auto& name : names_) sets.push_back(all_but(name));
    sets.push_back(all_but(""));
    const auto outcomes = run_without(sets, indices);
    if (!outcomes) return outcomes.error();
    Sufficient sufficient;
    for (const auto index : indices) {
      const auto& attempt = result_.attempts[index];
      if (!is_flipped(attempt, outcomes->back())) continue;
      for (std::size_t i = 0; i < names_.size(); ++i) {
        if (!is_flipped(attempt, outcomes->at(i))) sufficient[index].insert(names_[i]);
      }
    }
    return sufficient;
  }

  // A pair can flip an attempt only where nothing but the two stops it.
  Result<void> run_pairs(const Sufficient& sufficient) {
    std::vector<Names> pairs;
    Indices indices;
    for (const auto& [index, names] : sufficient) {
      if (names.size() > 2) found_.sufficient[index] = names;
      if (names.size() != 2) continue;
      indices.push_back(index);
      if (std::find(pairs.begin(), pairs.end(), names) == pairs.end()) pairs.push_back(names);
    }
    const auto outcomes = run_without(pairs, indices);
    if (!outcomes) return outcomes.error();
    for (const auto index : indices) {
      const auto& pair = sufficient.at(index);
      const auto at = std::find(pairs.begin(), pairs.end(), pair) - pairs.begin();
      if (is_flipped(result_.attempts[index], outcomes->at(static_cast<std::size_t>(at)))) {
        found_.pairs[index].insert({*pair.begin(), *pair.rbegin()});
      }
    }
    return {};
  }

  Scene& scene_;
  const CheckResult& result_;
  std::vector<std::string> names_;
  Indices held_;
  Ablations found_;
};

}  // namespace

void conclude_loads(const Ablations& ablations, CheckResult& result) {
  std::set<std::string> bearing;
  std::set<std::string> shared;
  for (std::size_t i = 0; i < result.attempts.size(); ++i) {
    std::set<std::string> names;
    if (const auto found = ablations.bearing.find(i); found != ablations.bearing.end()) {
      names = found->second;
      bearing.insert(names.begin(), names.end());
    } else if (const auto pairs = ablations.pairs.find(i); pairs != ablations.pairs.end()) {
      for (const auto& [first, second] : pairs->second) names.insert({first, second});
      shared.insert(names.begin(), names.end());
    } else if (const auto more = ablations.sufficient.find(i); more != ablations.sufficient.end()) {
      names = more->second;
      shared.insert(names.begin(), names.end());
    }
    result.attempts[i].carried_by = std::vector<std::string>(names.begin(), names.end());
    result.attempts[i].is_shared = !names.empty() && !ablations.bearing.contains(i);
  }
  for (auto& directive : result.directives) {
    if (directive.directive.is_ignored()) continue;
    // What is implied stands and falls with what implies it.
    const auto is_in = [&directive](const std::set<std::string>& names) {
      return names.contains(directive.directive.name) ||
             std::any_of(names.begin(), names.end(), [&directive](const std::string& name) {
               return is_implied_by(directive.directive, name);
             });
    };
    directive.load = is_in(bearing) ? Load::bearing : is_in(shared) ? Load::shared : Load::idle;
  }
}

Result<void> ablate(Scene& scene, CheckResult& result) {
  if (scene.unit().files.empty()) {
    return cannot_run("it has no files that a directive could be taken from");
  }
  const auto ablations = Ablation(scene, result).run();
  if (!ablations) return ablations.error();
  conclude_loads(*ablations, result);
  return {};
}

}  // namespace sandproof
