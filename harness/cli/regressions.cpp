#include "cli/regressions.h"

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/names.h"
#include "base/text.h"
#include "cli/command.h"
#include "regression/baseline.h"
#include "regression/fail_on.h"
#include "regression/read.h"
#include "report/json.h"

namespace sandproof::cli {

namespace {

constexpr auto usual_waivers = "sandproof.waivers";

std::chrono::year_month_day today() {
  return std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
}

Result<std::vector<CheckResult>> read_baseline(const RegressionOptions& options) {
  // The first update makes it.
  if (options.update_baseline && !is_there(options.baseline)) return std::vector<CheckResult>{};
  const auto text = read_input(options.baseline);
  if (!text) return text.error();
  return regression::read_results(*text, options.baseline);
}

Result<std::vector<regression::Waiver>> read_waivers(const RegressionOptions& options) {
  if (options.waivers.empty() && !is_there(usual_waivers)) {
    return std::vector<regression::Waiver>{};
  }
  const auto file = options.waivers.empty() ? usual_waivers : options.waivers;
  const auto text = read_input(file);
  if (!text) return text.error();
  return regression::parse_waivers(*text, file);
}

}  // namespace

void add_regression_options(CLI::App& command, RegressionOptions& options) {
  auto* baseline =
      command
          .add_option("--baseline", options.baseline,
                      "An earlier result (--format json): only what got worse since is a finding")
          ->type_name("FILE");
  command
      .add_flag("--update-baseline", options.update_baseline,
                "Write what is found now into the baseline's file")
      ->needs(baseline);
  command
      .add_option("--waivers", options.waivers,
                  "Findings to live with (default: sandproof.waivers in the working folder, "
                  "where it is there)")
      ->type_name("FILE");
  command
      .add_option("--fail-on", options.fail_on,
                  "The statuses that are findings (default: "
                  "leaked,bypassed,overblocked,ignored)")
      ->type_name("{" + join(regression::statuses_to_fail_on(), ",") + "}[,...]");
  command.add_flag("--strict", options.strict, "What is unproven or untestable is a finding, too");
}

Result<Regressions> Regressions::read(const RegressionOptions& options) {
  Regressions regressions;
  regressions.options_ = options;
  if (!options.fail_on.empty()) {
    auto statuses = regression::parse_statuses(options.fail_on);
    if (!statuses) return statuses.error();
    regressions.fail_on_ = *std::move(statuses);
  }
  if (!options.baseline.empty()) {
    auto baseline = read_baseline(options);
    if (!baseline) return baseline.error();
    regressions.baseline_ = *std::move(baseline);
  }
  auto waivers = read_waivers(options);
  if (!waivers) return waivers.error();
  regressions.waivers_ = *std::move(waivers);
  return regressions;
}

Result<void> Regressions::apply(std::vector<CheckResult>& results) const {
  auto baseline = baseline_;
  if (baseline && options_.update_baseline) {
    baseline = regression::updated(*std::move(baseline), results);
    if (auto written = write_result(report::json_report(*baseline), options_.baseline); !written) {
      return written.error();
    }
  }
  auto statuses = fail_on_.value_or(regression::usual_findings());
  if (options_.strict) statuses.insert({Status::unproven, Status::untestable});
  for (auto& result : results) regression::fail_on(result, statuses);
  if (baseline) regression::hold_against(results, *baseline, fail_on_);
  for (const auto& told : regression::waive(results, waivers_, today())) tell(told);
  return {};
}

bool is_there(const std::string& file) {
  std::error_code error;
  return std::filesystem::exists(file, error);
}

Result<std::string> read_input(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream content;
  // A folder opens, and is not there to be read.
  if (stream) content << stream.rdbuf();
  if (!stream || !content) {
    return bad_input("cannot read " + file + ": " + errno_text(errno != 0 ? errno : EIO));
  }
  return content.str();
}

}  // namespace sandproof::cli
