#include <csignal>

#include "cli/command.h"
#include "launch/cell_run.h"
#include "launch/session.h"
#include "launch/stage.h"
#include "unit/load.h"
#include "unit/prepare.h"
#include "unit/pristine.h"

namespace sandproof::cli {

namespace {

// systemd's own exit status where it could not execute a program: EXIT_EXEC of systemd.exec(5).
constexpr int exit_exec = 203;

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

std::string shell_for(const Manager& manager, const Unit& unit) {
  return is_there(manager, unit, "/bin/bash") ? "/bin/bash" : "/bin/sh";
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

struct Attempted {
  std::string program;
  launch::SessionEnd end;
};

// Where nothing of the unit's own files can be executed in its sandbox, or nothing is there, a
// shell that needs nothing is put where it can be.
Result<Attempted> run_staged_shell(Manager& manager, const Unit& unit,
                                   const std::filesystem::path& program) {
  const auto stage = launch::Stage::make(manager, unit.settings, program);
  if (!stage) return stage.error();
  const auto additions = stage->additions(unit.settings);
  const std::string staged = stage->folder() + "/" + program.filename().string();
  std::string told = "no shell of its own can be executed in it: this is " + staged;
  for (const auto& addition : launch::describe(additions)) told += ", with " + addition;
  tell(told);
  const auto end = launch::run_session(manager, unit.settings, {staged, "sh"}, additions);
  if (!end) return end.error();
  return Attempted{staged, *end};
}

Result<Attempted> run_shell(Manager& manager, const Unit& unit) {
  const auto shell = shell_for(manager, unit);
  const auto end = launch::run_session(manager, unit.settings, {shell}, {});
  if (!end) return end.error();
  const auto staged = launch::static_shell_on_this_machine();
  const bool cannot_be_executed =
      !end->has_started && end->ending.code == CLD_EXITED && end->ending.status == exit_exec;
  if (!cannot_be_executed || staged.empty()) return Attempted{shell, *end};
  return run_staged_shell(manager, unit, staged);
}

Result<Attempted> run_command(Manager& manager, const Unit& unit,
                              const std::vector<std::string>& words) {
  const auto command = in_full(manager, unit, words);
  if (!command) return command.error();
  const auto end = launch::run_session(manager, unit.settings, *command, {});
  if (!end) return end.error();
  return Attempted{command->front(), *end};
}

int shell(const Options& options) {
  auto manager = open_manager(options.manager);
  if (!manager) return fail(manager.error());
  const auto loaded = load(**manager, options.unit);
  if (!loaded) return fail(loaded.error());
  const Unit& unit = loaded->unit;
  if (auto prepared = prepare(**manager, unit); !prepared) return fail(prepared.error());
  const auto attempted = options.command.empty() ? run_shell(**manager, unit)
                                                 : run_command(**manager, unit, options.command);
  if (!attempted) return fail(attempted.error());
  return exit_status_of(unit, attempted->program, attempted->end);
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
