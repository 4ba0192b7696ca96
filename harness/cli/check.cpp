#include "check/check.h"

#include <algorithm>

#include "cli/command.h"
#include "cli/formats.h"
#include "cli/regressions.h"
#include "cli/subjects.h"
#include "launch/stage.h"

namespace sandproof::cli {

namespace {

struct Options {
  std::vector<std::string> units;
  std::optional<std::string> changed;
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
Checked check_each(const std::vector<std::string>& units, const Options& options,
                   const std::filesystem::path& probes) {
  Checked checked;
  Progress progress;
  CheckOptions check_options;
  check_options.probes = probes;
  check_options.ablate = options.ablate;
  check_options.progress = [&progress](const std::string& step) { progress.show(step); };
  for (const auto& unit : units) {
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
  const auto subjects = find_subjects(options.units, options.changed);
  if (!subjects) return fail(subjects.error());
  for (const auto& remark : subjects->remarks) tell(remark);
  if (subjects->units.empty()) {
    tell("no service is touched by what has changed since " + *options.changed);
  }
  auto [results, worst] = check_each(subjects->units, options, *probes);
  if (results.empty() && worst != all_held) return worst;
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
  command->add_option("UNIT", options->units,
                      "A unit's name; the path of a unit file with its .d folder beside it; or a "
                      "folder, for every unit file below it");
  command
      ->add_option("--changed", options->changed,
                   "The unit files that differ from where HEAD parted from this git revision, "
                   "uncommitted ones included; those below UNIT, where one is named")
      ->type_name("REV");
  add_manager_options(*command, options->manager);
  add_user_option(*command, options->manager);
  add_format_options(*command, options->formats);
  add_regression_options(*command, options->regressions);
  command->add_flag("--ablate", options->ablate,
                    "Take the directives away one by one, and show which carries what");
  command->callback([options, &status] { status = check(*options); });
}

}  // namespace sandproof::cli
