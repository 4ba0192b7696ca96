// What the commands of the program share.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "manager/manager.h"

namespace sandproof::cli {

// The exit statuses of every command.
enum ExitStatus { all_held = 0, finding = 1, bad_usage = 2, could_not_run = 3 };

int exit_status_of(const Error& error);

// A line on standard error: "sandproof: MESSAGE". What a file's name may hold stays one line.
void tell(const std::string& message);
// Tells why, and answers the exit status.
int fail(const Error& error);

// --manager and --root.
struct ManagerOptions {
  std::string kind;  // "host", "throwaway" or "" for what fits this machine
  std::string root;
  bool is_disposable_host = false;  // --disposable-host, where a command has it
  bool is_of_a_user = false;        // --user, where a command has it
};

void add_manager_options(CLI::App& command, ManagerOptions& options);
// --user.
void add_user_option(CLI::App& command, ManagerOptions& options);
Result<std::unique_ptr<Manager>> open_manager(const ManagerOptions& options);

// --output FILE; standard output where there is none. Nothing is written before the result is
// there.
void add_output_option(CLI::App& command, std::string& file);
Result<void> write_result(const std::string& text, const std::string& file);

// One line on standard error that is written over, on a terminal only.
class Progress {
 public:
  Progress();
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(const std::string& text);

 private:
  bool is_terminal_;
};

bool standard_output_is_terminal();
// Colour only on a terminal, and never with NO_COLOR: https://no-color.org.
bool wants_colour(const std::string& output_file);
int terminal_width();

// Each adds its command; running it leaves the exit status in `status`.
void add_check(CLI::App& program, int& status);
void add_claims(CLI::App& program, int& status);
void add_diff(CLI::App& program, int& status);
void add_explain(CLI::App& program, int& status);
void add_list(CLI::App& program, int& status);
void add_shell(CLI::App& program, int& status);
void add_throwaway(CLI::App& program, int& status);

}  // namespace sandproof::cli
