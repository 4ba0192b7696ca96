#include "check/behind_filter.h"

#include <algorithm>

#include "check/reproduce.h"
#include "judge/judge.h"

namespace sandproof {

namespace {

constexpr const char* filter = "SystemCallFilter";

bool is_filter_of(const Directive& directive) {
  return directive.name == filter && !directive.is_ignored();
}

// The sandboxed outcome that would have to be as promised.
const Outcome& decisive(const AttemptResult& attempt, const Square& square) {
  const bool is_of_the_user = square.bare_user.is_allowed() || attempt.control == Control::root;
  return is_of_the_user ? square.sandboxed_user : square.sandboxed_root;
}

bool is_stopped_by_another(const AttemptResult& attempt) {
  const bool is_of_the_filter = is_of(attempt, filter) || is_of(attempt, "SystemCallErrorNumber");
  return attempt.judgement.verdict == Verdict::unproven && attempt.side_door.empty() &&
         attempt.must == Must::denied && !is_of_the_filter &&
         decisive(attempt, attempt.square).is_stopped();
}

const Expectation& expectation_of(const AttemptResult& attempt,
                                  const std::vector<Expectation>& expectations) {
  return *std::find_if(expectations.begin(), expectations.end(), [&](const Expectation& each) {
    return each.attempt == attempt.attempt && each.directive == attempt.directives.front() &&
           each.must == attempt.must && each.side_door == attempt.side_door;
  });
}

// The attempt's square with what the two cells without the filter have seen; a user manager has no
// root's.
Square behind(const AttemptResult& attempt, const SandboxedOutcomes& outcomes) {
  Square result = attempt.square;
  const auto take = [&attempt](const CellOutcomes& cell, Outcome& outcome) {
    const auto found = cell.outcomes.find(attempt.attempt);
    if (found != cell.outcomes.end()) outcome = found->second;
  };
  take(outcomes.user, result.sandboxed_user);
  take(outcomes.root, result.sandboxed_root);
  return result;
}

}  // namespace

Result<void> look_behind_filter(Scene& scene, const std::vector<Expectation>& expectations,
                                const std::filesystem::path& probes, CheckResult& result) {
  const auto& directives = scene.unit().directives;
  if (std::none_of(directives.begin(), directives.end(), is_filter_of)) return {};
  std::vector<AttemptResult*> hidden;
  std::vector<Attempt> attempts;
  for (auto& attempt : result.attempts) {
    if (!is_stopped_by_another(attempt)) continue;
    hidden.push_back(&attempt);
    attempts.push_back(attempt.attempt);
  }
  if (hidden.empty()) return {};
  const auto outcomes = scene.run_edited({{{"", {filter}}, {attempts, attempts}}});
  if (!outcomes) return outcomes.error();
  if (!outcomes->front()) return {};

  Unit without = scene.unit();
  std::erase_if(without.directives, is_filter_of);
  for (auto* attempt : hidden) {
    const Square square = behind(*attempt, *outcomes->front());
    auto judgement = judge(expectation_of(*attempt, expectations), square);
    if (judgement.verdict == Verdict::leaked) {
      attempt->judgement.reason += "; without " + std::string(filter) + "= it is allowed";
    }
    if (judgement.verdict != Verdict::held) continue;
    judgement.reason =
        to_string(decisive(*attempt, square)) + " without " + filter + "=, which stops it first";
    attempt->judgement = std::move(judgement);
    attempt->reproduce = reproduce_line(scene.subject(), without, attempt->attempt, probes,
                                        attempt->is_shown_by_root());
  }
  return {};
}

}  // namespace sandproof
