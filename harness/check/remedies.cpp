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

// The remedies that the guarantees name for the open doors, then the common ones.
std::vector<std::string> assignments_for(const Unit& unit,
                                         const std::vector<const AttemptResult*>& doors,
                                         const std::vector<Expectation>& expectations) {
  std::vector<std::string> result;
  const auto add = [&](const std::string& assignment) {
    if (assignment.empty() || is_said(unit, assignment)) return;
    if (std::find(result.begin(), result.end(), assignment) == result.end()) {
      result.push_back(assignment);
    }
  };
  for (const auto& expectation : expectations) {
    const bool is_open = std::any_of(doors.begin(), doors.end(), [&](const AttemptResult* door) {
      return door->attempt == expectation.attempt && !expectation.is_front();
    });
    if (is_open) add(expectation.shut_by);
  }
  for (const auto* assignment : common_assignments) add(assignment);
  return result;
}

}  // namespace

Result<void> find_remedies(Scene& scene, const std::vector<Expectation>& expectations,
                           CheckResult& result) {
  std::vector<AttemptResult*> doors;
  for (auto& attempt : result.attempts) {
    if (attempt.judgement.verdict == Verdict::bypassed) doors.push_back(&attempt);
  }
  if (doors.empty()) return {};
  const auto assignments =
      assignments_for(scene.unit(), {doors.begin(), doors.end()}, expectations);
  std::vector<Edit> edits;
  for (const auto& assignment : assignments) edits.push_back({assignment, {}});
  const auto settings = scene.edited_settings(edits);
  if (!settings) return settings.error();

  SandboxedAttempts attempts;
  for (const auto* door : doors) attempts.user.push_back(door->attempt);
  std::vector<std::string> tried;
  std::vector<Variant> variants;
  for (std::size_t i = 0; i < assignments.size(); ++i) {
    if (!settings->at(i)) continue;
    tried.push_back(assignments[i]);
    variants.push_back({*settings->at(i), attempts});
  }
  const auto outcomes = scene.run_variants(variants);
  if (!outcomes) return outcomes.error();
  for (std::size_t i = 0; i < tried.size(); ++i) {
    for (auto* door : doors) {
      const auto& seen = outcomes->at(i).user.outcomes;
      const auto found = seen.find(door->attempt);
      if (found != seen.end() && found->second.is_stopped()) {
        door->shut_by.push_back(tried[i]);
      }
    }
  }
  return {};
}

}  // namespace sandproof
