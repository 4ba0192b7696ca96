#include "check/check.h"

#include <algorithm>

#include "cli/command.h"
#include "cli/formats.h"
#include "cli/regressions.h"
#include "launch/stage.h"

namespace sandproof::cli {

namespace {

struct Options {
  std::vector<std::string> units;
  ManagerOptions manager;
  FormatOptions formats;
  RegressionOptions regressions;
};

int check(const Options& options) {
  if (auto good = check_formats(options.formats); !good) return fail(good.error());
  const auto regressions = Regressions::read(options.regressions);
  if (!regressions) return fail(regressions.error());
  const auto probes = launch::probes_on_this_machine();
  if (!probes) return fail(probes.error());
  std::vector<CheckResult> results;
  int worst = all_held;
  {
    Progress progress;
    for (const auto& unit : options.units) {
      // A throwaway each, so that what one unit needs does not change what another finds.
      progress.show("a systemd for " + unit);
      auto manager = open_manager(options.manager);
      if (!manager) return fail(manager.error());
      auto result = check_unit(
          **manager, unit,
          {*probes, false, [&progress](const std::string& step) { progress.show(step); }});
      if (!result) {
        progress.show("");
        worst = std::max(worst, fail(result.error()));
        continue;
      }
      results.push_back(*std::move(result));
    }
  }
  if (results.empty()) return worst;
  if (auto applied = regressions->apply(results); !applied) return fail(applied.error());
  const bool has_finding = std::any_of(
      results.begin(), results.end(), [](const auto& result) { return result.has_finding(false); });
  if (has_finding) worst = std::max(worst, static_cast<int>(finding));
  if (auto written = write_formats(results, options.formats); !written) {
    return fail(written.error());
  }
  return worst;
}

}  // namespace

void add_check(CLI::App& program, int& status) {
  auto options = std::make_shared<Options>();
  auto* command = program.add_subcommand("check", "Does each directive of the unit hold?");
  command
      ->add_option("UNIT", options->units,
                   "A unit's name, or the path of a unit file with its .d folder beside it")
      ->required();
  add_manager_options(*command, options->manager);
  add_format_options(*command, options->formats);
  add_regression_options(*command, options->regressions);
  command->callback([options, &status] { status = check(*options); });
}

}  // namespace sandproof::cli
