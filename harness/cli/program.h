// The program with all its commands.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>

namespace sandproof::cli {

// Parsing arguments with it runs a command, which leaves its exit status in `status`.
std::unique_ptr<CLI::App> make_program(int& status);

}  // namespace sandproof::cli
