#include "check/remedies.h"

#include <algorithm>

#include "unit/edited.h"

namespace sandproof {

namespace {

// What services are commonly hardened with and can mostly live with, the narrower first.
constexpr const char* common_assignments[] = {
    "SystemCallArchitectures=native",
    "NoNewPrivileges=yes",
    "RestrictNamespaces=yes",
    "SystemCallFilter=~@mount",
    "SystemCallFilter=~@aio",
    "SystemCallFilter=~@debug",
    "CapabilityBoundingSet=~CAP_SYS_ADMIN",
    "CapabilityBoundingSet=~CAP_SYS_PTRACE",
    "ProtectProc=invisible",
    "PrivateDevices=yes",
    "PrivateUsers=yes",
    "PrivatePIDs=yes",
};

// What the unit says already, which systemd need not be asked about.
bool is_said(const Unit& unit, const std::string& assignment) {
  return std::any_of(unit.directives.begin(), unit.directives.end(), [&](const Directive& each) {
    return !each.is_ignored() && each.name + "=" + each.value == assignment;
  });
}

bool is_open_door(const AttemptResult& attempt) {
  return attempt.judgement.verdict == Verdict::bypassed;
}

// What the guarantees know to shut a leak.
std::vector<std::string> remedies_of(const AttemptResult& attempt,
                                     const std::vector<Expectation>& expectations) {
  std::vector<std::string> assignments;
  if (attempt.judgement.verdict != Verdict::leaked) return assignments;
  for (const auto& each : expectations) {
    if (each.attempt == attempt.attempt && !each.shut_by.empty()) {
      assignments.push_back(each.shut_by);
    }
  }
  return assignments;
}

// Any assignment may shut a door; a leak is tried with what is known to shut it.
SandboxedAttempts attempts_with(const std::string& assignment,
                                const std::vector<AttemptResult*>& open,
                                const std::vector<Expectation>& expectations) {
  SandboxedAttempts attempts;
  for (const auto* each : open) {
    const auto remedies = remedies_of(*each, expectations);
    const bool is_tried = is_open_door(*each) ||
                          std::find(remedies.begin(), remedies.end(), assignment) != remedies.end();
    if (!is_tried) continue;
    (each->is_shown_by_root() ? attempts.root : attempts.user).push_back(each->attempt);
  }
  return attempts;
}

// The remedies that the guarantees name for what is open, then those that are common against doors.
std::vector<std::string> assignments_for(const Unit& unit,
                                         const std::vector<const AttemptResult*>& open,
                                         const std::vector<Expectation>& expectations) {
  std::vector<std::string> result;
  const auto add = [&](const std::string& assignment) {
    if (assignment.empty() || is_said(unit, assignment)) return;
    if (std::find(result.begin(), result.end(), assignment) == result.end()) {
      result.push_back(assignment);
    }
  };
  for (const auto& expectation : expectations) {
    const bool is_open = std::any_of(open.begin(), open.end(), [&](const AttemptResult* each) {
      return each->attempt == expectation.attempt;
    });
    if (is_open) add(expectation.shut_by);
  }
  const bool has_doors = std::any_of(open.begin(), open.end(),
                                     [](const AttemptResult* each) { return is_open_door(*each); });
  if (!has_doors) return result;
  for (const auto* assignment : common_assignments) add(assignment);
  return result;
}

}  // namespace

Result<void> find_remedies(Scene& scene, const std::vector<Expectation>& expectations,
                           CheckResult& result) {
  std::vector<AttemptResult*> open;
  for (auto& attempt : result.attempts) {
    if (is_open_door(attempt) || !remedies_of(attempt, expectations).empty()) {
      open.push_back(&attempt);
    }
  }
  if (open.empty()) return {};
  const auto assignments = assignments_for(scene.unit(), {open.begin(), open.end()}, expectations);
  std::vector<EditedVariant> variants;
  for (const auto& assignment : assignments) {
    variants.push_back({{assignment, {}}, attempts_with(assignment, open, expectations)});
  }
  const auto outcomes = scene.run_edited(variants);
  if (!outcomes) return outcomes.error();
  for (std::size_t i = 0; i < assignments.size(); ++i) {
    const auto& of_both = outcomes->at(i);
    if (!of_both) continue;
    for (auto* each : open) {
      const auto& seen = (each->is_shown_by_root() ? of_both->root : of_both->user).outcomes;
      const auto found = seen.find(each->attempt);
      if (found != seen.end() && found->second.is_stopped())
        each->shut_by.push_back(assignments[i]);
    }
  }
  return {};
}

}  // namespace sandproof
