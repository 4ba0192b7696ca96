#include "explain/explain.h"

#include "cli/command.h"
#include "explain/host_trial.h"
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
  bool yes = false;
};

Result<void> check_host_options(const Options& options) {
  if (!options.yes) {
    return bad_input(
        "--manager host starts the unit's own program on this machine, again and again: add --yes "
        "where that may be, or leave out --manager host to start it on throwaway systemds");
  }
  if (!options.before.empty()) {
    return bad_input("--before is for throwaway systemds: on this machine, run it yourself");
  }
  return {};
}

explain::ExplainOptions trials_on(const Options& options, Manager& manager) {
  explain::ExplainOptions how;
  if (manager.is_disposable()) {
    how.start = explain::on_throwaways(options.manager.root.empty() ? "/" : options.manager.root);
  } else {
    how.start = explain::on_host(manager);
    how.can_follow = false;
    how.is_untried = explain::is_untried_on_host;
  }
  how.seconds = options.wait;
  how.health = options.health;
  how.before = options.before;
  return how;
}

int explain(const Options& options) {
  auto manager_options = options.manager;
  // It starts the unit's real program again and again: unless somebody wants it otherwise, what
  // that does is thrown away.
  if (manager_options.kind.empty()) manager_options.kind = "throwaway";
  if (manager_options.kind == "host") {
    if (auto fit = check_host_options(options); !fit) return fail(fit.error());
  }
  Result<Explanation> result = cannot_run("not tried");
  {
    Progress progress;
    progress.show("a systemd for " + options.unit);
    auto manager = open_manager(manager_options);
    if (!manager) return fail(manager.error());
    auto how = trials_on(options, **manager);
    how.progress = [&progress](const std::string& step) { progress.show(step); };
    result = explain::explain_unit(**manager, options.unit, how);
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
  command->add_flag("--yes", options->yes,
                    "With --manager host: start the unit's own program on this machine");
  command->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  add_output_option(*command, options->output);
  command->callback([options, &status] { status = explain(*options); });
}

}  // namespace sandproof::cli
