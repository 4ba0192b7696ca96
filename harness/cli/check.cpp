#include "check/check.h"

#include <iostream>

#include "cli/command.h"
#include "launch/stage.h"
#include "report/json.h"
#include "report/text.h"

namespace sandproof::cli {

namespace {

struct Options {
  std::vector<std::string> units;
  ManagerOptions manager;
  std::string format = "text";
  std::string output;
  bool verbose = false;
  bool strict = false;
};

std::string report_of(const std::vector<CheckResult>& results, const Options& options) {
  if (options.format == "json") return report::json_report(results);
  std::string text;
  for (const auto& result : results) {
    if (!text.empty()) text += '\n';
    text += report::text_report(result,
                                {wants_colour(options.output), options.verbose, terminal_width()});
  }
  return text;
}

int check(const Options& options) {
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
      if (result->has_finding(options.strict)) worst = std::max(worst, static_cast<int>(finding));
      results.push_back(*std::move(result));
    }
  }
  if (results.empty()) return worst;
  if (auto written = write_result(report_of(results, options), options.output); !written) {
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
  command->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  add_output_option(*command, options->output);
  command->add_flag("-v,--verbose", options->verbose, "Show every attempt with its four cells");
  command->add_flag("--strict", options->strict,
                    "Exit with 1 for what is unproven or untestable, too");
  command->callback([options, &status] { status = check(*options); });
}

}  // namespace sandproof::cli
