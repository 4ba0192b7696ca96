#include "cli/command.h"

namespace sandproof::cli {

namespace {

struct Options {
  std::string root = "/";
  std::vector<std::string> command;
};

int run_in_throwaway(const Options& options) {
  auto manager = boot_throwaway({.root = options.root});
  if (!manager) return fail(manager.error());
  const auto ended = (*manager)->run_inside(options.command);
  if (!ended) return fail(ended.error());
  return *ended;
}

}  // namespace

void add_throwaway(CLI::App& program, int& status) {
  auto options = std::make_shared<Options>();
  auto* command = program.add_subcommand(
      "throwaway",
      "Run a command on a throwaway systemd, where this machine has none; its exit status is ours");
  command->add_option("--root", options->root, "Boot it over this root file system instead of /")
      ->type_name("FOLDER");
  command->add_option("COMMAND", options->command, "The command and its arguments")->required();
  command->prefix_command(false);
  command->positionals_at_end();
  command->callback([options, &status] { status = run_in_throwaway(*options); });
}

}  // namespace sandproof::cli
