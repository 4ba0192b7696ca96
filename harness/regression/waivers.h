// sandproof.waivers: findings that somebody has looked at and lives with, in unit-file syntax.
//
//   [Waiver]
//   Unit=relay.service
//   Directive=RestrictFileSystems
//   Reason=The kernel of our fleet has no bpf-lsm before the next release.
//   Until=2027-01-31
//
// Unit= may be a pattern ("relay@*.service"). Attempt= ("fs-read /proc/version", or a pattern)
// waives one attempt, of the directive or of any: the directive is excused where nothing else
// speaks against it. Reason= is needed. Until= is the last day; without it a waiver does not
// expire.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/check.h"

namespace sandproof::regression {

struct Waiver {
  std::string unit;
  std::string directive;  // either, or both
  std::string attempt;
  std::string reason;
  std::optional<std::chrono::year_month_day> until;
  std::string file;
  int line = 0;
};

// An error names the file and the line.
Result<std::vector<Waiver>> parse_waivers(std::string_view text, const std::string& file);

// Excuses the findings that the waivers are for. A waiver that is expired, or that waives nothing
// of the units that were checked, becomes a finding itself. Answers what to tell of waivers for
// units that were not checked: of them nothing is known.
std::vector<std::string> waive(std::vector<CheckResult>& results,
                               const std::vector<Waiver>& waivers,
                               std::chrono::year_month_day today);

}  // namespace sandproof::regression
