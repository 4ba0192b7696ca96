#include "judge/judge.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/names.h"
#include "base/text.h"

namespace sandproof {

namespace {

Judgement held_by(Proof proof) { return {Verdict::held, proof, {}}; }
Judgement unproven(std::string reason) {
  return {Verdict::unproven, Proof::none, std::move(reason)};
}

bool is_promised(const Expectation& expectation, const Outcome& outcome) {
  const auto& promised = expectation.promised;
  return outcome.is_stopped() &&
         std::find(promised.begin(), promised.end(), outcome) != promised.end();
}

bool is_possible_bare(const Square& square) {
  return square.bare_user.is_allowed() || square.bare_root.is_allowed();
}

std::string user_may_not_either(const Outcome& bare_user) {
  if (bare_user.is_unable()) {
    return "could not be tried without the sandbox as the unit's user: " + bare_user.reason;
  }
  return "the unit's user may not do it without the sandbox either: " + to_string(bare_user);
}

Judgement untestable(const Square& square) {
  const Outcome& bare_root = square.bare_root;
  std::string reason;
  switch (bare_root.kind) {
    case Outcome::Kind::denied:
      reason = "bare root is denied too: " + errno_name(bare_root.number);
      break;
    case Outcome::Kind::killed:
      reason = "bare root is killed too: " + signal_name(bare_root.number);
      break;
    case Outcome::Kind::absent:
      reason = "not there: " + errno_name(bare_root.number);
      break;
    default:
      if (square.bare_user != bare_root) {
        reason = user_may_not_either(square.bare_user) + "; as root it ";
      }
      reason += "could not be tried: " + bare_root.reason;
  }
  return {Verdict::untestable, Proof::none, std::move(reason)};
}

std::string not_what_it_does(const Expectation& expectation) {
  return expectation.directive.empty() ? ", which is not as promised: something else stops it first"
                                       : ", which " + expectation.directive +
                                             "= does not do: another directive stops it first";
}

std::string unable_in_the_sandbox(const Outcome& outcome) {
  return "could not be tried in the sandbox: " + outcome.reason;
}

std::string unable_as_root(const Square& square) {
  return user_may_not_either(square.bare_user) +
         "; could not be tried in the sandbox as root: " + square.sandboxed_root.reason;
}

// Both user cells are of the user that the directive names, so root's bare cell is the control.
Judgement judge_identity(const Expectation& expectation, const Square& square) {
  if (!square.bare_root.is_allowed()) return untestable(square);
  if (square.sandboxed_user.is_unable()) {
    return unproven(unable_in_the_sandbox(square.sandboxed_user));
  }
  if (is_promised(expectation, square.sandboxed_user)) return held_by(Proof::root);
  return unproven(to_string(square.sandboxed_user) + not_what_it_does(expectation));
}

Judgement judge_front(const Expectation& expectation, const Square& square) {
  const auto& [bare_user, bare_root, user, root] = square;
  if (user.is_allowed()) return {Verdict::leaked, Proof::none, "allowed for the unit's user"};
  if (expectation.control == Control::root) return judge_identity(expectation, square);
  if (user.is_stopped() && root.is_allowed() && expectation.of_root) {
    return {Verdict::leaked, Proof::none, "allowed for root; the user is " + to_string(user)};
  }
  if (!is_possible_bare(square)) return untestable(square);
  if (user.is_unable()) return unproven(unable_in_the_sandbox(user));
  if (bare_user.is_allowed()) {
    if (is_promised(expectation, user)) return held_by(Proof::user);
    return unproven(to_string(user) + not_what_it_does(expectation));
  }
  // The user could not have done it anyway, so only root's cells can show what the sandbox does.
  if (is_promised(expectation, root)) return held_by(Proof::root);
  if (root.is_unable()) return unproven(unable_as_root(square));
  if (root.is_allowed()) return unproven(user_may_not_either(bare_user));
  return unproven("root is " + to_string(root) + not_what_it_does(expectation));
}

Judgement judge_side_door(const Expectation& expectation, const Square& square) {
  const auto& [bare_user, bare_root, user, root] = square;
  if (user.is_allowed()) {
    return {Verdict::bypassed, Proof::none, "by " + expectation.side_door};
  }
  if (!is_possible_bare(square)) return untestable(square);
  if (user.is_unable()) return unproven(unable_in_the_sandbox(user));
  if (bare_user.is_allowed()) return held_by(Proof::user);
  // Root in the sandbox is not the user whom the directive names.
  if (expectation.control == Control::root) return held_by(Proof::root);
  return held_by(root.is_stopped() ? Proof::root : Proof::none);
}

Judgement judge_permission(const Expectation& expectation, const Square& square) {
  const auto& [bare_user, bare_root, user, root] = square;
  if (user.is_allowed()) return held_by(Proof::user);
  if (expectation.control == Control::none && user.is_stopped()) {
    return {Verdict::overblocked, Proof::none,
            to_string(user) + ", though " + expectation.directive + "= grants it"};
  }
  if (!is_possible_bare(square)) return untestable(square);
  if (user.is_unable()) return unproven(unable_in_the_sandbox(user));
  if (bare_user.is_allowed()) {
    return {Verdict::overblocked, Proof::none,
            to_string(user) + ", though the unit's user may do it without the sandbox"};
  }
  if (root.is_stopped()) {
    return {Verdict::overblocked, Proof::none,
            "root is " + to_string(root) + ", though root may do it without the sandbox"};
  }
  if (root.is_unable()) return unproven(unable_as_root(square));
  // The user lacks the permission, sandbox or not; the sandbox is not what stands in the way.
  return held_by(Proof::root);
}

}  // namespace

Judgement judge(const Expectation& expectation, const Square& square) {
  if (expectation.must == Must::allowed) return judge_permission(expectation, square);
  return expectation.is_front() ? judge_front(expectation, square)
                                : judge_side_door(expectation, square);
}

Status status_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::held:
      return Status::held;
    case Verdict::leaked:
      return Status::leaked;
    case Verdict::bypassed:
      return Status::bypassed;
    case Verdict::overblocked:
      return Status::overblocked;
    case Verdict::unproven:
      break;
    case Verdict::untestable:
      return Status::untestable;
  }
  return Status::unproven;
}

bool is_of(const AttemptResult& attempt, const std::string& directive) {
  return std::find(attempt.directives.begin(), attempt.directives.end(), directive) !=
         attempt.directives.end();
}

std::string reason_of(const AttemptResult& attempt) {
  const auto& reason = attempt.judgement.reason;
  if (attempt.shut_by.empty()) return reason;
  // Any one of them does; a reader needs a choice, and the other formats have them all.
  constexpr std::size_t told = 3;
  const auto count = static_cast<std::ptrdiff_t>(std::min(told, attempt.shut_by.size()));
  std::string text = join({attempt.shut_by.begin(), attempt.shut_by.begin() + count}, " or ");
  if (attempt.shut_by.size() > told) {
    text += ", or any of " + std::to_string(attempt.shut_by.size() - told) + " more,";
  }
  return attempt.judgement.verdict == Verdict::leaked ? reason + "; with " + text + " it is denied"
                                                      : reason + ", which " + text + " shuts";
}

namespace {

// Whether it is one that the unit's user may not make in any case, in a manager without a root that
// could.
bool is_for_root_alone(const CheckResult& result, const AttemptResult& attempt) {
  return !result.manager.user.empty() && attempt.judgement.verdict == Verdict::untestable &&
         attempt.square.bare_user.is_stopped();
}

}  // namespace

Decision decide(const CheckResult& result, const std::string& directive) {
  Decision decision;
  Decision without_evidence;
  bool has_doors = false;
  for (std::size_t i = 0; i < result.attempts.size(); ++i) {
    const auto& attempt = result.attempts[i];
    if (!is_of(attempt, directive)) continue;
    const auto verdict = attempt.judgement.verdict;
    if (!attempt.side_door.empty() && verdict != Verdict::bypassed) {
      has_doors = true;
      continue;
    }
    const Status status = status_of(verdict);
    Decision& one = is_for_root_alone(result, attempt) ? without_evidence : decision;
    if (!one.decisive || status < one.status) one = {status, reason_of(attempt), i};
  }
  if (!decision.decisive && without_evidence.decisive) return without_evidence;
  if (!decision.decisive && has_doors) {
    return {Status::unproven, "nothing but side doors was tried", std::nullopt};
  }
  return decision;
}

void withdraw_uncopied(CheckResult& result) {
  for (auto& attempt : result.attempts) {
    if (!is_finding(status_of(attempt.judgement.verdict))) continue;
    for (const auto& [directive, why] : result.uncopied) {
      if (is_of(attempt, directive)) attempt.judgement = {Verdict::unproven, Proof::none, why};
    }
  }
}

void conclude(CheckResult& result) {
  for (auto& directive : result.directives) {
    if (directive.directive.is_ignored()) {
      directive.status = Status::ignored;
      directive.reason = directive.directive.ignored_because;
      continue;
    }
    auto decision = decide(result, directive.directive.name);
    if (decision.status == Status::no_probe) continue;
    const auto uncopied = result.uncopied.find(directive.directive.name);
    if (uncopied != result.uncopied.end()) {
      decision = {Status::unproven, uncopied->second, std::nullopt};
    }
    directive.status = decision.status;
    directive.reason = std::move(decision.reason);
  }
}

}  // namespace sandproof
