#include "model/check.h"

#include <algorithm>

namespace sandproof {

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

std::map<Status, int> CheckResult::summary() const {
  std::map<Status, int> counts;
  for (const auto& directive : directives) ++counts[directive.status];
  return counts;
}

bool CheckResult::has_finding(bool strict) const {
  return std::any_of(directives.begin(), directives.end(), [strict](const DirectiveResult& result) {
    return is_finding(result.status) ||
           (strict && (result.status == Status::unproven || result.status == Status::untestable));
  });
}

}  // namespace sandproof
