#include "cli/command.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "base/names.h"
#include "report/layout.h"

namespace sandproof::cli {

int exit_status_of(const Error& error) { return static_cast<int>(error.kind); }

void tell(const std::string& message) {
  std::cerr << "sandproof: " << report::printable(message) << '\n';
}

int fail(const Error& error) {
  tell(error.message);
  return exit_status_of(error);
}

void add_manager_options(CLI::App& command, ManagerOptions& options) {
  command
      .add_option(
          "--manager", options.kind,
          "The systemd to run on: the host's, or a throwaway one (default: host where PID 1 "
          "is systemd, else throwaway)")
      ->check(CLI::IsMember({"host", "throwaway"}));
  command
      .add_option("--root", options.root,
                  "Boot the throwaway systemd over this root file system instead of /")
      ->type_name("FOLDER");
}

void add_user_option(CLI::App& command, ManagerOptions& options) {
  command.add_flag("--user", options.is_of_a_user,
                   "Units of a user manager: on a host of the caller's own, for which no root is "
                   "needed; in a throwaway of the caller of sudo, or of a user made for it");
}

Result<std::unique_ptr<Manager>> open_manager(const ManagerOptions& options) {
  if (!options.root.empty() && options.kind == "host") {
    return bad_input("--root is for a throwaway systemd: leave out --manager host");
  }
  const bool is_host =
      options.kind == "host" || (options.kind.empty() && options.root.empty() && host_is_systemd());
  if (is_host && options.is_of_a_user) return open_user_manager();
  if (is_host) return open_host({.is_disposable = options.is_disposable_host});
  const ThrowawayOptions throwaway{.root = options.root.empty() ? "/" : options.root};
  return options.is_of_a_user ? boot_user_manager(throwaway) : boot_throwaway(throwaway);
}

void add_output_option(CLI::App& command, std::string& file) {
  command.add_option("-o,--output", file, "Write the result to this file")->type_name("FILE");
}

Result<void> write_result(const std::string& text, const std::string& file) {
  if (file.empty()) {
    std::cout << text << std::flush;
    if (!std::cout) return cannot_run("cannot write to standard output");
    return {};
  }
  std::ofstream stream(file, std::ios::binary);
  stream << text << std::flush;
  if (!stream) return cannot_run("cannot write " + file + ": " + errno_text(errno));
  return {};
}

Progress::Progress() : is_terminal_(isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() { show(""); }

void Progress::show(const std::string& text) {
  // Back to the line's start, and the rest of the old line away: console_codes(4).
  if (is_terminal_) std::cerr << "\r\x1b[K" << text << std::flush;
}

bool standard_output_is_terminal() { return isatty(STDOUT_FILENO) != 0; }

bool wants_colour(const std::string& output_file) {
  const char* no_colour = std::getenv("NO_COLOR");
  return output_file.empty() && standard_output_is_terminal() &&
         (no_colour == nullptr || *no_colour == '\0');
}

int terminal_width() {
  constexpr int usual = 120;
  winsize size{};
  if (!standard_output_is_terminal() || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0) return usual;
  return size.ws_col != 0 ? size.ws_col : usual;
}

}  // namespace sandproof::cli
