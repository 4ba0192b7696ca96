#include <CLI/CLI.hpp>
#include <csignal>
#include <exception>
#include <iostream>

#include "cli/command.h"

namespace {

int run(int argc, char** argv) {
  using namespace sandproof::cli;
  CLI::App program("sandproof proves that the sandbox of a systemd unit holds.", "sandproof");
  program.require_subcommand(1);
  program.set_version_flag("--version", std::string("sandproof ") + SANDPROOF_VERSION);
  int status = all_held;
  add_check(program, status);
  add_claims(program, status);
  add_diff(program, status);
  add_explain(program, status);
  add_list(program, status);
  add_throwaway(program, status);
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? all_held : bad_usage;
  }
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  // A unit or a reader that goes away is told of by write(2) itself.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "sandproof: " << error.what() << '\n';
    return sandproof::cli::could_not_run;
  }
}
