#include "report/words.h"

#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "judge/judge.h"
#include "report/layout.h"

namespace sandproof::report {

std::string user_name(const CheckResult& result) {
  return result.user.empty() ? "root" : result.user;
}

std::string version_words(const ManagerFacts& manager) {
  return "systemd " + std::string(manager.user.empty() ? "" : "--user ") +
         std::to_string(manager.systemd) + ", " + manager.kind;
}

std::string manager_words(const ManagerFacts& manager) {
  std::string words = version_words(manager) + ", kernel " + manager.kernel;
  if (!manager.virtualization.empty() && manager.virtualization != "none") {
    words += ", " + manager.virtualization;
  }
  return printable(words);
}

std::string assignment(const Directive& directive) {
  return printable(directive.name + "=" + directive.value);
}

std::string location(const std::string& file, int line) {
  if (file.empty()) return {};
  return printable(line > 0 ? file + ":" + std::to_string(line) : file);
}

std::vector<std::string> seen(const AttemptResult& attempt) {
  const auto& square = attempt.square;
  const auto& judgement = attempt.judgement;
  const std::string what = to_string(attempt.attempt) + ": ";
  // The square has not what proved it.
  const bool is_seen_elsewhere = judgement.verdict == Verdict::held && !judgement.reason.empty();
  const auto of_sandbox = [&](const Outcome& outcome) {
    return is_seen_elsewhere ? judgement.reason : to_string(outcome);
  };
  const bool by_root =
      judgement.proof == Proof::root ||
      (judgement.verdict == Verdict::leaked && !square.sandboxed_user.is_allowed()) ||
      (judgement.verdict == Verdict::overblocked && !square.bare_user.is_allowed() &&
       !square.sandboxed_root.is_unable());
  // Where root is only the control, the sandbox that counts is the user's: User= itself.
  const bool is_of_the_user = judgement.proof == Proof::root && attempt.must == Must::denied &&
                              square.sandboxed_root.is_allowed();
  if (is_of_the_user) {
    return {printable(what + of_sandbox(square.sandboxed_user)),
            printable("bare root: " + to_string(square.bare_root))};
  }
  if (by_root) {
    return {printable(what + "root " + of_sandbox(square.sandboxed_root)),
            printable("bare root: " + to_string(square.bare_root))};
  }
  return {printable(what + of_sandbox(square.sandboxed_user)),
          printable("bare: " + to_string(square.bare_user))};
}

std::string without_an_attempt(const DirectiveResult& result) {
  switch (result.status) {
    case Status::ignored:
      return "the manager does not have it";
    case Status::no_probe:
      return result.reason.empty() ? "no probe attempts it yet" : result.reason;
    case Status::off:
      return result.reason.empty() ? "restricts nothing" : result.reason;
    default:
      return result.reason;
  }
}

std::string attempt_words(const AttemptResult& attempt) {
  std::string words = to_string(attempt.attempt);
  if (!attempt.side_door.empty()) words += " (side door: " + attempt.side_door + ")";
  if (attempt.must == Must::allowed) words += " (must be allowed)";
  return printable(words);
}

namespace {

bool is_without_an_attempt(Status status) {
  return status == Status::ignored || status == Status::off || status == Status::no_probe;
}

bool is_against(const AttemptResult& attempt) {
  return is_finding(status_of(attempt.judgement.verdict));
}

}  // namespace

std::string evidence(const CheckResult& result, const DirectiveResult& directive) {
  const auto decision = decide(result, directive.directive.name);
  if (is_without_an_attempt(directive.status) || !decision.decisive) {
    return printable(without_an_attempt(directive));
  }
  const auto& attempt = result.attempts[*decision.decisive];
  if (directive.status == Status::unproven || directive.status == Status::untestable) {
    return printable(to_string(attempt.attempt) + ": " + directive.reason);
  }
  return join(seen(attempt), "; ");
}

std::string why(const DirectiveResult& directive) {
  std::vector<std::string> clauses;
  if (!directive.standing.because.empty()) clauses.push_back(directive.standing.because);
  if (!directive.reason.empty()) clauses.push_back(directive.reason);
  return printable(join(clauses, "; "));
}

std::vector<const AttemptResult*> against(const CheckResult& result,
                                          const DirectiveResult& directive) {
  std::vector<const AttemptResult*> attempts;
  if (is_without_an_attempt(directive.status)) return attempts;
  for (const auto& attempt : result.attempts) {
    if (is_of(attempt, directive.directive.name) && is_against(attempt)) {
      attempts.push_back(&attempt);
    }
  }
  std::stable_sort(attempts.begin(), attempts.end(), [](const auto* a, const auto* b) {
    return status_of(a->judgement.verdict) < status_of(b->judgement.verdict);
  });
  return attempts;
}

std::vector<const AttemptResult*> for_it(const CheckResult& result,
                                         const DirectiveResult& directive) {
  std::vector<const AttemptResult*> attempts;
  if (is_without_an_attempt(directive.status)) return attempts;
  for (const auto& attempt : result.attempts) {
    if (is_of(attempt, directive.directive.name) && !is_against(attempt)) {
      attempts.push_back(&attempt);
    }
  }
  return attempts;
}

std::vector<const DirectiveResult*> worst_first(const CheckResult& result) {
  std::vector<const DirectiveResult*> order;
  for (const auto& directive : result.directives) order.push_back(&directive);
  std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    if (a->is_finding() != b->is_finding()) return a->is_finding();
    return a->status < b->status;
  });
  return order;
}

Level level_of(const DirectiveResult& directive) {
  if (directive.standing.kind == Standing::Kind::excused) return Level::notice;
  if (!directive.is_finding()) return Level::none;
  const bool is_open = directive.status == Status::leaked || directive.status == Status::bypassed ||
                       directive.status == Status::ignored;
  return is_open ? Level::error : Level::warning;
}

Place place_of(const CheckResult& result, const DirectiveResult& directive) {
  if (!directive.directive.file.empty()) {
    return {directive.directive.file, std::max(directive.directive.line, 1)};
  }
  // Several may imply it: "PrivateDevices, ProtectClock".
  for (const auto& name : split(directive.directive.implied_by.value_or(""), ',')) {
    for (const auto& cause : result.directives) {
      if (trim(name) == cause.directive.name && !cause.directive.file.empty()) {
        return {cause.directive.file, std::max(cause.directive.line, 1)};
      }
    }
  }
  return {result.files.empty() ? std::string() : result.files.front(), 1};
}

std::string repository_path(const Checkout& checkout, const std::string& path) {
  const std::filesystem::path given(path);
  const auto absolute =
      (given.is_absolute() ? given : std::filesystem::path(checkout.working_folder) / given)
          .lexically_normal();
  if (checkout.root.empty()) return absolute.string();
  const auto relative = absolute.lexically_relative(checkout.root);
  if (relative.empty() || *relative.begin() == "..") return absolute.string();
  return relative.string();
}

std::string summary_words(const CheckResult& result) {
  std::vector<std::string> parts;
  for (const auto& [status, number] : result.summary()) {
    parts.push_back(std::to_string(number) + " " + to_string(status));
  }
  return parts.empty() ? "no directives" : join(parts, ", ");
}

std::size_t count_findings(const CheckResult& result) {
  const auto count = std::count_if(result.directives.begin(), result.directives.end(),
                                   [](const DirectiveResult& one) { return one.is_finding(); });
  return static_cast<std::size_t>(count) + result.further.size();
}

}  // namespace sandproof::report
