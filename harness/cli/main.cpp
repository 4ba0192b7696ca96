#include <csignal>
#include <exception>
#include <iostream>

#include "cli/command.h"
#include "cli/program.h"

namespace {

int run(int argc, char** argv) {
  using namespace sandproof::cli;
  int status = all_held;
  const auto program = make_program(status);
  try {
    program->parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return program->exit(error) == 0 ? all_held : bad_usage;
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
