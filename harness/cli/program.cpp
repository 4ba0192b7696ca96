#include "cli/program.h"

#include "cli/command.h"

namespace sandproof::cli {

std::unique_ptr<CLI::App> make_program(int& status) {
  auto program = std::make_unique<CLI::App>(
      "sandproof proves that the sandbox of a systemd unit holds.", "sandproof");
  program->require_subcommand(1);
  program->set_version_flag("--version", std::string("sandproof ") + SANDPROOF_VERSION);
  add_check(*program, status);
  add_claims(*program, status);
  add_diff(*program, status);
  add_explain(*program, status);
  add_list(*program, status);
  add_shell(*program, status);
  add_throwaway(*program, status);
  return program;
}

}  // namespace sandproof::cli
