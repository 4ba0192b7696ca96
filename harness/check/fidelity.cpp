#include "check/fidelity.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "base/text.h"

namespace sandproof {

namespace {

struct Difference {
  // Whether a throwaway's result says something else than a PID 1's would.
  bool (*touches)(const CheckResult& result, const DirectiveResult& directive);
  const char* cause;
  // What is known of it in a user manager; null where nothing is.
  const char* cause_in_user_manager;
};

bool is_one_of(const std::string& name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool needs_a_controller(const CheckResult&, const DirectiveResult& each) {
  return each.status == Status::leaked &&
         is_one_of(each.directive.name,
                   {"CPUQuota", "MemoryHigh", "MemoryMax", "MemorySwapMax", "TasksMax"});
}

// CAP_SYS_RESOURCE, which many containers are without: exec_child() passes over a lower score then.
bool needs_a_privilege(const CheckResult&, const DirectiveResult& each) {
  return each.status == Status::leaked && each.directive.name == "OOMScoreAdjust";
}

bool needs_own_directories(const CheckResult&, const DirectiveResult& each) {
  return each.status == Status::untestable && each.directive.name == "ReadWritePaths";
}

bool is_made_for(const AttemptResult& attempt, const DirectiveResult& each,
                 std::string_view probe) {
  const auto& names = attempt.directives;
  return attempt.attempt.probe == probe &&
         std::find(names.begin(), names.end(), each.directive.name) != names.end();
}

// The doors beside a mount were tried, all but the one by a file's handle.
bool needs_handles(const CheckResult& result, const DirectiveResult& each) {
  if (each.status != Status::held || result.user != "root") return false;
  const auto tried = [&](std::string_view probe) {
    return std::any_of(
        result.attempts.begin(), result.attempts.end(),
        [&](const AttemptResult& attempt) { return is_made_for(attempt, each, probe); });
  };
  return tried("fs-by-clone") && !tried("fs-by-handle");
}

const std::vector<Difference>& differences() {
  static const std::vector<Difference> all = {
      {needs_a_controller,
       "a throwaway has only the controllers that the machine hands down to it in the unified "
       "hierarchy; a systemd that is PID 1 takes what it needs, and there it held",
       "a throwaway's user manager has only the controllers that the machine hands down to it; in "
       "one of a systemd that is PID 1, TasksMax= and MemoryMax= held"},
      {needs_a_privilege,
       "a throwaway is without CAP_SYS_RESOURCE where the machine's containers are; a systemd that "
       "is PID 1 of a machine has it, and there it held",
       nullptr},
      {needs_own_directories,
       "a throwaway has the unit's own directories only once a cell has started, and on an "
       "installed unit it held",
       nullptr},
      {needs_handles,
       "a throwaway's files are on an overlay, which has no file handles; on a PID 1 they led "
       "around "
       "it, and it was bypassed, unless CapabilityBoundingSet=~CAP_DAC_READ_SEARCH or "
       "PrivateUsers=yes kept the unit from them",
       nullptr},
  };
  return all;
}

}  // namespace

std::vector<std::string> notes_on_fidelity(const CheckResult& result) {
  std::vector<std::string> notes;
  if (result.manager.kind != "throwaway") return notes;
  for (const auto& difference : differences()) {
    const char* cause =
        result.manager.user.empty() ? difference.cause : difference.cause_in_user_manager;
    if (cause == nullptr) continue;
    std::vector<std::string> names;
    for (const auto& each : result.directives) {
      if (difference.touches(result, each)) names.push_back(each.directive.name + "=");
    }
    if (!names.empty()) notes.push_back(join(names, ", ") + ": " + cause);
  }
  return notes;
}

}  // namespace sandproof
