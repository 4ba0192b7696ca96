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
  bool ablate = false;
};

struct Checked {
  std::vector<CheckResult> results;
  // Of the units that could not be checked, which have been told of.
  int worst = all_held;
};

// A systemd for each, so that what one unit needs does not change what another finds.
Checked check_each(const Options& options, const std::filesystem::path& probes) {
  Checked checked;
  Progress progress;
  CheckOptions check_options;
  check_options.probes = probes;
  check_options.ablate = options.ablate;
  check_options.progress = [&progress](const std::string& step) { progress.show(step); };
  for (const auto& unit : options.units) {
    progress.show("a systemd for " + unit);
    auto manager = open_manager(options.manager);
    auto result =
        manager ? check_unit(**manager, unit, check_options) : Result<CheckResult>(manager.error());
    if (result) {
      checked.results.push_back(*std::move(result));
      continue;
    }
    progress.show("");
    checked.worst = std::max(checked.worst, fail(result.error()));
    if (!manager) break;
  }
  return checked;
}

int check(const Options& options) {
  if (auto good = check_formats(options.formats); !good) return fail(good.error());
  const auto regressions = Regressions::read(options.regressions);
  if (!regressions) return fail(regressions.error());
  const auto probes = launch::probes_on_this_machine();
  if (!probes) return fail(probes.error());
  auto [results, worst] = check_each(options, *probes);
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
  command->add_flag("--ablate", options->ablate,
                    "Take the directives away one by one, and show which carries what");
  command->callback([options, &status] { status = check(*options); });
}

}  // namespace sandproof::cli
