// Writes the man pages and the completion of arguments, from the tables that the program parses its
// arguments with, the cards of the probes, and the pages that people read in the repository.

#include <filesystem>
#include <iostream>

#include "cli/cards.h"
#include "cli/command.h"
#include "cli/program.h"
#include "cli/regressions.h"
#include "manual/completion.h"
#include "manual/markdown_page.h"
#include "manual/pages.h"

namespace sandproof::cli {

namespace {

struct Options {
  std::string folder;
  std::string sources;
  std::string probes;
  std::string date;
};

manual::PageTitle title_of(const std::string& name, int section, const std::string& summary,
                           const std::string& date) {
  return {name, section, summary, date, std::string("sandproof ") + SANDPROOF_VERSION};
}

Result<std::string> program_page(const manual::Command& program, const Options& options) {
  const auto readme = read_input(options.sources + "/README.md");
  if (!readme) return readme.error();
  std::string further;
  for (const char* heading :
       {"Exit status", "What the words mean", "What a pass proves, and what it does not"}) {
    const auto part = manual::section_of_markdown(*readme, heading);
    if (part.empty()) return bad_input(std::string("README.md has no section ") + heading);
    further += manual::page_of_markdown(part);
  }
  further += manual::section("SEE ALSO") +
             "\\fBsandproof.suite\\fR(5), \\fBsandproof\\-probes\\fR(7), \\fBsystemd.exec\\fR(5), "
             "\\fBsystemd\\-analyze\\fR(1)\n";
  return manual::command_page(
      program,
      title_of("sandproof", 1, "prove that the sandbox of a systemd unit holds", options.date),
      further);
}

Result<std::string> suite_page(const Options& options) {
  const auto suites = read_input(options.sources + "/suites/README.md");
  if (!suites) return suites.error();
  return manual::head_of(title_of("sandproof.suite", 5,
                                  "what documentation says of units, as claims", options.date)) +
         manual::page_of_markdown(*suites) + manual::section("SEE ALSO") +
         "\\fBsandproof\\fR(1), \\fBsandproof\\-probes\\fR(7)\n";
}

Result<std::string> probes_page(const Options& options) {
  const auto cards = cards_in(options.probes);
  if (!cards) return cards.error();
  return manual::probes_page(
             *cards, title_of("sandproof-probes", 7,
                              "the forbidden actions that sandproof attempts", options.date)) +
         manual::section("SEE ALSO") + "\\fBsandproof\\fR(1), \\fBsandproof.suite\\fR(5)\n";
}

int write_manual(const Options& options) {
  int unused = 0;
  const auto program = manual::describe(*make_program(unused));
  const std::pair<const char*, Result<std::string>> files[] = {
      {"sandproof.1", program_page(program, options)},
      {"sandproof.suite.5", suite_page(options)},
      {"sandproof-probes.7", probes_page(options)},
      {"sandproof.bash", manual::bash_completion(program)},
      {"_sandproof", manual::zsh_completion(program)},
      {"sandproof.fish", manual::fish_completion(program)},
  };
  for (const auto& [name, text] : files) {
    if (!text) return fail(text.error());
    if (auto written = write_result(*text, options.folder + "/" + name); !written) {
      return fail(written.error());
    }
  }
  return all_held;
}

}  // namespace

}  // namespace sandproof::cli

int main(int argc, char** argv) {
  using namespace sandproof::cli;
  Options options;
  CLI::App program("Writes the manual of sandproof.");
  program.add_option("FOLDER", options.folder)->required();
  program.add_option("--sources", options.sources)->required();
  program.add_option("--probes", options.probes)->required();
  program.add_option("--date", options.date)->required();
  CLI11_PARSE(program, argc, argv);
  return write_manual(options);
}
