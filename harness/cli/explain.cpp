#include "explain/explain.h"

#include "cli/command.h"
#include "report/explain.h"

namespace sandproof::cli {

namespace {

struct Options {
  std::string unit;
  ManagerOptions manager;
  std::string format = "text";
  std::string output;
  double wait = 5;
  std::string health;
  std::vector<std::string> before;
};

int explain(const Options& options) {
  // It starts the unit's real program again and again: what that does has to be thrown away.
  if (options.manager.kind == "host") {
    return fail(
        bad_input("explain starts the unit on throwaway systemds only: leave out "
                  "--manager host"));
  }
  auto manager_options = options.manager;
  manager_options.kind = "throwaway";
  Result<Explanation> result = cannot_run("not tried");
  {
    Progress progress;
    progress.show("a systemd for " + options.unit);
    auto manager = open_manager(manager_options);
    if (!manager) return fail(manager.error());
    const std::filesystem::path root = options.manager.root.empty() ? "/" : options.manager.root;
    result = explain::explain_unit(
        **manager, options.unit,
        {explain::on_throwaways(root), options.wait, options.health, options.before,
         [&progress](const std::string& step) { progress.show(step); }});
  }
  if (!result) return fail(result.error());
  const std::string report =
      options.format == "json"
          ? report::json_report(*result)
          : report::text_report(*result, {wants_colour(options.output), false, terminal_width()});
  if (auto written = write_result(report, options.output); !written) return fail(written.error());
  return result->starts ? all_held : finding;
}

}  // namespace

void add_explain(CLI::App& program, int& status) {
  auto options = std::make_shared<Options>();
  auto* command = program.add_subcommand(
      "explain", "Why does the unit not start, and which directives are to blame?");
  command
      ->add_option("UNIT", options->unit,
                   "A unit's name, or the path of a unit file with its .d folder beside it")
      ->required();
  add_manager_options(*command, options->manager);
  command
      ->add_option("--wait", options->wait, "How many seconds the unit has to come up, and to stay")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.1, 600.0))
      ->capture_default_str();
  command
      ->add_option("--health", options->health,
                   "A shell command that succeeds once the unit is healthy")
      ->type_name("COMMAND");
  command
      ->add_option("--before", options->before,
                   "A shell command that makes what the unit needs, run in each throwaway "
                   "systemd before the unit is started")
      ->type_name("COMMAND");
  command->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  add_output_option(*command, options->output);
  command->callback([options, &status] { status = explain(*options); });
}

}  // namespace sandproof::cli
