#include "check/ablate.h"

#include <algorithm>

#include "base/text.h"
#include "unit/known.h"

namespace sandproof {

namespace {

using Indices = std::vector<std::size_t>;

// A directive's properties: its own, and the twin that has more than yes and no.
std::vector<std::string> properties_of(const std::string& directive) {
  const std::string property = unit::property_of(directive);
  return {property, property + "Ex"};
}

bool is_implied_by(const Directive& directive, const std::string& name) {
  if (!directive.implied_by) return false;
  const auto causes = words(*directive.implied_by);
  return std::any_of(causes.begin(), causes.end(), [&name](const std::string& cause) {
    return cause == name || cause == name + ",";
  });
}

Settings without_properties(Settings settings, const std::string& directive) {
  for (const auto& property : properties_of(directive)) {
    if (settings.is_changed(property)) settings = settings.without(property);
  }
  return settings;
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

std::vector<Attempt> attempts_of(const CheckResult& result, const Indices& indices) {
  std::vector<Attempt> attempts;
  std::set<Attempt> seen;
  for (const auto index : indices) {
    const auto& attempt = result.attempts[index].attempt;
    if (seen.insert(attempt).second) attempts.push_back(attempt);
  }
  return attempts;
}

// Whether the attempt ends the other way in the cell that proved it.
bool is_flipped(const AttemptResult& attempt, const SandboxedOutcomes& variant) {
  const bool by_root = attempt.judgement.proof == Proof::root;
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

std::vector<Directive> directives_of(const CheckResult& result) {
  std::vector<Directive> directives;
  for (const auto& entry : result.directives) directives.push_back(entry.directive);
  return directives;
}

// Runs of one unit's ablations, and what is asked of them.
class Ablation {
 public:
  Ablation(Scene& scene, const CheckResult& result)
      : scene_(scene),
        result_(result),
        directives_(directives_of(result)),
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
  using Sufficient = std::map<std::size_t, std::set<std::string>>;

  Settings without(const std::string& name) const {
    return without_directive(scene_.unit().settings, directives_, name);
  }

  Result<void> run_singles() {
    std::vector<Settings> variants;
    for (const auto& name : names_) variants.push_back(without(name));
    const auto outcomes = scene_.run_variants(variants, attempts_of(result_, held_));
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

  // Each directive with nothing but the identity beside it: those that stop an attempt by
  // themselves.
  Result<Sufficient> run_soles(const Indices& indices) {
    std::vector<Settings> variants;
    for (const auto& sole : names_) {
      Settings settings = scene_.unit().settings;
      for (const auto& name : names_) {
        if (name != sole && !is_identity(name)) {
          settings = without_directive(settings, directives_, name);
        }
      }
      variants.push_back(std::move(settings));
    }
    const auto outcomes = scene_.run_variants(variants, attempts_of(result_, indices));
    if (!outcomes) return outcomes.error();
    Sufficient sufficient;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      for (const auto index : indices) {
        if (!is_flipped(result_.attempts[index], outcomes->at(i))) {
          sufficient[index].insert(names_[i]);
        }
      }
    }
    return sufficient;
  }

  // A pair can flip an attempt only where nothing but the two stops it.
  Result<void> run_pairs(const Sufficient& sufficient) {
    std::map<std::pair<std::string, std::string>, Indices> candidates;
    for (const auto& [index, names] : sufficient) {
      if (names.size() == 2) candidates[{*names.begin(), *names.rbegin()}].push_back(index);
      if (names.size() > 2) found_.sufficient[index] = names;
    }
    for (const auto& [pair, indices] : candidates) {
      const std::vector<Settings> variant = {
          without_directive(without(pair.first), directives_, pair.second)};
      const auto outcomes = scene_.run_variants(variant, attempts_of(result_, indices));
      if (!outcomes) return outcomes.error();
      for (const auto index : indices) {
        if (is_flipped(result_.attempts[index], outcomes->front())) {
          found_.pairs[index].insert(pair);
        }
      }
    }
    return {};
  }

  Scene& scene_;
  const CheckResult& result_;
  std::vector<Directive> directives_;
  std::vector<std::string> names_;
  Indices held_;
  Ablations found_;
};

}  // namespace

Settings without_directive(const Settings& settings, const std::vector<Directive>& directives,
                           const std::string& name) {
  Settings result = without_properties(settings, name);
  for (const auto& directive : directives) {
    if (is_implied_by(directive, name)) result = without_properties(result, directive.name);
  }
  return result;
}

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
  const auto ablations = Ablation(scene, result).run();
  if (!ablations) return ablations.error();
  conclude_loads(*ablations, result);
  return {};
}

}  // namespace sandproof
