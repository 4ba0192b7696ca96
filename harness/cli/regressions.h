// --baseline, --waivers, --fail-on and --strict: what of a check is a finding.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/check.h"
#include "regression/waivers.h"

namespace sandproof::cli {

struct RegressionOptions {
  std::string baseline;
  bool update_baseline = false;
  std::string waivers;
  std::string fail_on;
  bool strict = false;
};

void add_regression_options(CLI::App& command, RegressionOptions& options);

// What the options name, read and understood before anything is run.
class Regressions {
 public:
  static Result<Regressions> read(const RegressionOptions& options);

  // Says of each result what is a finding, and writes the new baseline where it is asked for.
  Result<void> apply(std::vector<CheckResult>& results) const;

 private:
  RegressionOptions options_;
  std::optional<std::vector<CheckResult>> baseline_;
  std::vector<regression::Waiver> waivers_;
  std::optional<std::set<Status>> fail_on_;
};

Result<std::string> read_input(const std::string& file);
bool is_there(const std::string& file);

}  // namespace sandproof::cli
