#include "check/fidelity.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"

namespace sandproof {

namespace {

struct Difference {
  std::vector<std::string_view> directives;
  // The statuses of a throwaway that say less than a PID 1 would; any other is what that says, too.
  std::vector<Status> statuses;
  const char* cause;
};

const std::vector<Difference>& differences() {
  static const std::vector<Difference> all = {
      {{"CPUQuota", "MemoryHigh", "MemoryMax", "MemorySwapMax", "TasksMax"},
       {Status::leaked},
       "a throwaway has only the controllers that the machine hands down to it in the unified "
       "hierarchy; a systemd that is PID 1 takes what it needs, and there it held"},
      {{"ReadWritePaths"},
       {Status::untestable},
       "a throwaway has the unit's own directories only once a cell has started, and on an "
       "installed unit it held"},
  };
  return all;
}

bool is_touched(const DirectiveResult& each, const Difference& difference) {
  const auto is_in = [](const auto& list, const auto& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
  };
  return is_in(difference.directives, each.directive.name) &&
         is_in(difference.statuses, each.status);
}

}  // namespace

std::vector<std::string> notes_on_fidelity(const CheckResult& result) {
  std::vector<std::string> notes;
  if (result.manager.kind != "throwaway") return notes;
  for (const auto& difference : differences()) {
    std::vector<std::string> names;
    for (const auto& each : result.directives) {
      if (is_touched(each, difference)) names.push_back(each.directive.name + "=");
    }
    if (!names.empty()) notes.push_back(join(names, ", ") + ": " + difference.cause);
  }
  return notes;
}

}  // namespace sandproof
