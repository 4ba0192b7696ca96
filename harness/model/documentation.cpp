#include "model/documentation.h"

#include <algorithm>

namespace sandproof {

std::string to_string(Agreement agreement) {
  switch (agreement) {
    case Agreement::not_held:
      return "documented and not held";
    case Agreement::another_value:
      return "documented with another value";
    case Agreement::not_set:
      return "documented, not set";
    case Agreement::undocumented:
      return "set, not documented";
    case Agreement::not_proved:
      return "documented and set, not proved";
    case Agreement::held:
      return "documented and set and held";
    case Agreement::not_sandbox:
      return "documented and set, not of the sandbox";
    case Agreement::documented:
      break;
  }
  return "documented";
}

bool DocumentationResult::has_finding() const {
  return std::any_of(directives.begin(), directives.end(), [](const DocumentedDirective& one) {
    return one.agreement == Agreement::not_held || one.agreement == Agreement::another_value ||
           one.agreement == Agreement::not_set;
  });
}

}  // namespace sandproof
