#include "check/loads.h"

#include <algorithm>

#include "base/text.h"

namespace sandproof {

namespace {

bool is_implied_by(const Directive& directive, const std::string& name) {
  if (!directive.implied_by) return false;
  const auto causes = words(*directive.implied_by);
  return std::any_of(causes.begin(), causes.end(), [&name](const std::string& cause) {
    return cause == name || cause == name + ",";
  });
}

// Where there is an attempt that could not be made, it may be the one that shows what it carries.
bool may_carry_more(const DirectiveResult& directive, const CheckResult& result) {
  return directive.status == Status::untestable || directive.status == Status::no_probe ||
         result.uncopied.contains(directive.directive.name);
}

bool has_all_of_a_stopper(const Names& group, const std::vector<Names>& stoppers) {
  return std::any_of(stoppers.begin(), stoppers.end(), [&group](const Names& names) {
    return !names.empty() && std::includes(group.begin(), group.end(), names.begin(), names.end());
  });
}

}  // namespace

void conclude_loads(const Ablations& ablations, CheckResult& result) {
  Names bearing;
  Names shared;
  for (std::size_t i = 0; i < result.attempts.size(); ++i) {
    auto& attempt = result.attempts[i];
    attempt.carried_by.emplace();
    const auto alone = ablations.bearing.find(i);
    const auto together = ablations.shared.find(i);
    if (alone != ablations.bearing.end()) {
      attempt.carried_by->assign(alone->second.begin(), alone->second.end());
      bearing.insert(alone->second.begin(), alone->second.end());
    } else if (together != ablations.shared.end()) {
      attempt.carried_by->assign(together->second.begin(), together->second.end());
      attempt.is_shared = true;
      shared.insert(together->second.begin(), together->second.end());
    }
  }
  for (auto& directive : result.directives) {
    if (directive.directive.is_ignored()) continue;
    if (ablations.untried.contains(directive.directive.name)) continue;
    // What is implied stands and falls with what implies it.
    const auto is_in = [&directive](const Names& names) {
      return names.contains(directive.directive.name) ||
             std::any_of(names.begin(), names.end(), [&directive](const std::string& name) {
               return is_implied_by(directive.directive, name);
             });
    };
    if (is_in(bearing)) {
      directive.load = Load::bearing;
    } else if (is_in(shared)) {
      directive.load = Load::shared;
    } else if (!may_carry_more(directive, result)) {
      directive.load = Load::idle;
    }
  }
  if (ablations.untried.empty()) return;
  result.notes.push_back("what " +
                         join({ablations.untried.begin(), ablations.untried.end()}, ", ") +
                         " carry is not tried on a machine, where no cell makes directories");
}

std::vector<Names> groups_that_leave_a_stopper(const std::vector<std::string>& names,
                                               const std::vector<Names>& stoppers) {
  std::vector<Names> groups;
  for (const auto& name : names) {
    if (has_all_of_a_stopper({name}, stoppers)) continue;
    const auto takes = [&](const Names& group) {
      Names larger = group;
      larger.insert(name);
      return !has_all_of_a_stopper(larger, stoppers);
    };
    const auto group = std::find_if(groups.begin(), groups.end(), takes);
    if (group == groups.end()) {
      groups.push_back({name});
    } else {
      group->insert(name);
    }
  }
  return groups;
}

std::vector<Names> slices(const std::vector<std::string>& names) {
  const auto square = [](std::size_t size) { return size * size; };
  std::size_t size = 1;
  while (3 * square(size) < 2 * names.size()) ++size;
  std::vector<Names> result;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i % size == 0) result.emplace_back();
    result.back().insert(names[i]);
  }
  return result;
}

}  // namespace sandproof
