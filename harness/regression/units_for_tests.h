// For the tests: units in few words.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/check.h"

namespace sandproof::regression {

inline DirectiveResult directive(std::string name, Status status, std::string value = "yes") {
  DirectiveResult result;
  result.directive.name = std::move(name);
  result.directive.value = std::move(value);
  result.directive.file = "a.service";
  result.directive.line = 7;
  result.status = status;
  return result;
}

inline AttemptResult attempt(std::string directive_name, Attempt what, Verdict verdict,
                             std::string side_door = {}) {
  AttemptResult result;
  result.attempt = std::move(what);
  result.directives = {std::move(directive_name)};
  result.side_door = std::move(side_door);
  result.judgement.verdict = verdict;
  return result;
}

inline CheckResult unit(std::vector<DirectiveResult> directives,
                        std::vector<AttemptResult> attempts = {}, std::string name = "a.service") {
  CheckResult result;
  result.manager = {"throwaway", 252, "6.18.44", "none"};
  result.unit = std::move(name);
  result.files = {"a.service"};
  result.directives = std::move(directives);
  result.attempts = std::move(attempts);
  return result;
}

}  // namespace sandproof::regression
