#include "check/user_manager.h"

#include <algorithm>

#include "base/text.h"
#include "judge/judge.h"
#include "unit/edited.h"

namespace sandproof {

namespace {

using Indices = std::vector<std::size_t>;

// Of the directive, those that leak.
Indices leaks_of(const CheckResult& result, const std::string& directive) {
  Indices leaks;
  for (std::size_t i = 0; i < result.attempts.size(); ++i) {
    const auto& attempt = result.attempts[i];
    if (is_of(attempt, directive) && attempt.judgement.verdict == Verdict::leaked) {
      leaks.push_back(i);
    }
  }
  return leaks;
}

bool is_stopped(const std::map<Attempt, Outcome>& outcomes, const Attempt& attempt) {
  const auto found = outcomes.find(attempt);
  return found != outcomes.end() && found->second.is_stopped();
}

}  // namespace

Result<std::vector<std::string>> notes_on_user_manager(Scene& scene, const CheckResult& result) {
  std::vector<std::string> notes;
  if (result.manager.user.empty()) return notes;
  SandboxedAttempts attempts;
  for (const auto& attempt : result.attempts) {
    if (attempt.judgement.verdict == Verdict::leaked) attempts.user.push_back(attempt.attempt);
  }
  if (attempts.user.empty()) return notes;
  const auto outcomes = scene.run_edited({{{"PrivateUsers=yes", {}}, attempts}});
  if (!outcomes) return outcomes.error();
  const auto& with = outcomes->front();
  if (!with) return notes;

  std::vector<std::string> names;
  for (const auto& directive : result.directives) {
    const auto leaks = leaks_of(result, directive.directive.name);
    const bool all_stopped = std::all_of(leaks.begin(), leaks.end(), [&](std::size_t leak) {
      return is_stopped(with->user.outcomes, result.attempts[leak].attempt);
    });
    if (!leaks.empty() && all_stopped) names.push_back(directive.directive.name + "=");
  }
  if (!names.empty()) {
    notes.push_back(join(names, ", ") +
                    ": a user manager of this version starts a unit without the namespaces that "
                    "it may not make (apply_mount_namespace() in systemd's source); with "
                    "PrivateUsers=yes, which gives it the privilege, what leaks was denied");
  }
  return notes;
}

}  // namespace sandproof
