#include "model/check.h"

#include <algorithm>

namespace sandproof {

bool AttemptResult::is_shown_by_root() const {
  if (control == Control::root) return false;
  if (judgement.verdict != Verdict::held) {
    return !square.sandboxed_user.is_allowed() && square.sandboxed_root.is_allowed();
  }
  return judgement.proof == Proof::root &&
         (must == Must::allowed || square.sandboxed_root.is_stopped());
}

std::string to_string(Load load) {
  switch (load) {
    case Load::bearing:
      return "bearing";
    case Load::shared:
      return "shared";
    case Load::idle:
      return "idle";
  }
  return {};
}

std::string to_string(Standing::Kind kind) {
  switch (kind) {
    case Standing::Kind::as_status:
      return "as-status";
    case Standing::Kind::finding:
      return "finding";
    case Standing::Kind::excused:
      return "excused";
  }
  return {};
}

bool DirectiveResult::is_finding() const {
  if (standing.kind != Standing::Kind::as_status) return standing.kind == Standing::Kind::finding;
  return sandproof::is_finding(status);
}

std::map<Status, int> CheckResult::summary() const {
  std::map<Status, int> counts;
  for (const auto& directive : directives) ++counts[directive.status];
  return counts;
}

bool CheckResult::has_finding(bool strict) const {
  const auto is_doubt = [](const DirectiveResult& result) {
    return result.standing.kind == Standing::Kind::as_status &&
           (result.status == Status::unproven || result.status == Status::untestable);
  };
  return !further.empty() ||
         std::any_of(directives.begin(), directives.end(), [&](const DirectiveResult& result) {
           return result.is_finding() || (strict && is_doubt(result));
         });
}

}  // namespace sandproof
