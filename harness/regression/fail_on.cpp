#include "regression/fail_on.h"

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

Result<std::set<Status>> parse_statuses(std::string_view list) {
  std::set<Status> statuses;
  for (const auto& part : split(list, ',')) {
    const std::string word(trim(part));
    std::vector<std::string> known;
    bool is_known = false;
    for (const Status status : all_but_held) {
      known.push_back(to_string(status));
      if (known.back() != word) continue;
      statuses.insert(status);
      is_known = true;
    }
    if (!is_known) {
      return bad_input("--fail-on: \"" + word + "\" is none of " + join(known, ", "));
    }
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
