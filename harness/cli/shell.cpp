#include <csignal>

#include "cli/command.h"
#include "launch/cell_run.h"
#include "launch/session.h"
#include "unit/load.h"
#include "unit/prepare.h"
#include "unit/pristine.h"

namespace sandproof::cli {

namespace {

struct Options {
  std::string unit;
  std::vector<std::string> command;
  ManagerOptions manager;
};

Result<LoadedUnit> load(Manager& manager, const std::string& what) {
  const auto pristine = pristine_properties(manager);
  if (!pristine) return pristine.error();
  return load_unit(manager, what, *pristine);
}

// A program as the unit sees it: in its RootDirectory=, where it has one.
bool is_there(const Manager& manager, const Unit& unit, const std::string& program) {
  return manager.files().exists(unit.settings.text("RootDirectory") + program);
}

std::vector<std::string> shell_for(const Manager& manager, const Unit& unit) {
  return {is_there(manager, unit, "/bin/bash") ? "/bin/bash" : "/bin/sh"};
}

// With the program's whole path, which systemd wants.
Result<std::vector<std::string>> in_full(const Manager& manager, const Unit& unit,
                                         std::vector<std::string> command) {
  if (command.front().starts_with('/')) return command;
  for (const char* folder :
       {"/usr/local/sbin/", "/usr/local/bin/", "/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/"}) {
    const std::string path = folder + command.front();
    if (!is_there(manager, unit, path)) continue;
    command.front() = path;
    return command;
  }
  return bad_input("there is no program " + command.front() + " for " + unit.name +
                   " to run; give its whole path");
}

int finding_that(const Unit& unit, const std::string& what) {
  tell("the sandbox of " + unit.name + " " + what + "; sandproof explain looks for the cause");
  return finding;
}

int exit_status_of(const Unit& unit, const std::string& program, const launch::SessionEnd& end) {
  for (const auto& remark : end.remarks) tell(remark);
  constexpr int signal_base = 128;
  if (end.interrupted_by != 0) return signal_base + end.interrupted_by;
  if (!end.has_started) {
    return finding_that(unit, "does not let " + program + " start: " + describe(end.ending));
  }
  const bool was_killed = end.ending.code == CLD_KILLED || end.ending.code == CLD_DUMPED;
  if (was_killed && end.ending.status == SIGSYS) {
    return finding_that(
        unit, "does not let " + program + " live: a system call of it was killed with SIGSYS");
  }
  return was_killed ? signal_base + end.ending.status : end.ending.status;
}

int shell(const Options& options) {
  auto manager = open_manager(options.manager);
  if (!manager) return fail(manager.error());
  const auto loaded = load(**manager, options.unit);
  if (!loaded) return fail(loaded.error());
  const Unit& unit = loaded->unit;
  if (auto prepared = prepare(**manager, unit); !prepared) return fail(prepared.error());
  const auto command = options.command.empty() ? Result(shell_for(**manager, unit))
                                               : in_full(**manager, unit, options.command);
  if (!command) return fail(command.error());
  const auto end = launch::run_session(**manager, unit.settings, *command);
  if (!end) return fail(end.error().with_prefix("no shell in " + unit.name));
  return exit_status_of(unit, command->front(), *end);
}

}  // namespace

void add_shell(CLI::App& program, int& status) {
  auto options = std::make_shared<Options>();
  auto* command = program.add_subcommand(
      "shell", "A shell inside the sandbox of the unit; its exit status is ours");
  command
      ->add_option("UNIT", options->unit,
                   "A unit's name, or the path of a unit file with its .d folder beside it")
      ->required();
  command->add_option("COMMAND", options->command,
                      "Another command than a shell, with its arguments, after --");
  add_manager_options(*command, options->manager);
  command->callback([options, &status] { status = shell(*options); });
}

}  // namespace sandproof::cli
