#include "regression/fail_on.h"

#include <algorithm>

#include "base/text.h"

namespace sandproof::regression {

namespace {

constexpr Status all_but_held[] = {Status::leaked,   Status::bypassed, Status::overblocked,
                                   Status::ignored,  Status::unproven, Status::untestable,
                                   Status::no_probe, Status::off};

}  // namespace

std::set<Status> usual_findings() {
  std::set<Status> statuses;
  for (const Status status : all_but_held) {
    if (is_finding(status)) statuses.insert(status);
  }
  return statuses;
}

std::vector<std::string> statuses_to_fail_on() {
  std::vector<std::string> names;
  for (const Status status : all_but_held) names.push_back(to_string(status));
  return names;
}

Result<std::set<Status>> parse_statuses(std::string_view list) {
  std::set<Status> statuses;
  for (const auto& part : split(list, ',')) {
    const std::string word(trim(part));
    const auto* found = std::find_if(std::begin(all_but_held), std::end(all_but_held),
                                     [&](Status status) { return to_string(status) == word; });
    if (found == std::end(all_but_held)) {
      return bad_input("--fail-on: \"" + word + "\" is none of " +
                       join(statuses_to_fail_on(), ", "));
    }
    statuses.insert(*found);
  }
  return statuses;
}

void fail_on(CheckResult& result, const std::set<Status>& statuses) {
  for (auto& directive : result.directives) {
    const bool is_chosen = statuses.contains(directive.status);
    if (is_chosen == is_finding(directive.status)) continue;
    if (is_chosen) {
      directive.standing = {Standing::Kind::finding, "a finding by --fail-on or --strict"};
    } else {
      directive.standing = {Standing::Kind::excused, "left out of --fail-on"};
    }
  }
}

}  // namespace sandproof::regression
