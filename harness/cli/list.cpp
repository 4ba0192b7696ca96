#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/cards.h"
#include "cli/command.h"
#include "guarantee/guarantee.h"
#include "launch/stage.h"
#include "unit/known.h"
#include "unit/pristine.h"

namespace sandproof::cli {

namespace {

using Json = nlohmann::ordered_json;

// A directive that a systemd has, and what a check says of it.
struct Covered {
  std::string directive;
  std::string status;  // "covered", "untestable", "not of the sandbox" or "not covered"
  std::string reason = {};
};

struct Coverage {
  int systemd = 0;
  std::vector<Covered> directives;
};

Covered coverage_of(const std::string& directive) {
  static const auto covered = guarantee::covered_directives();
  static const auto untestable = guarantee::untestable_directives();
  if (std::binary_search(covered.begin(), covered.end(), directive)) return {directive, "covered"};
  if (const auto found = untestable.find(directive); found != untestable.end()) {
    return {directive, "untestable", std::string(found->second)};
  }
  return {directive, unit::is_of_the_sandbox(directive) ? "not covered" : "not of the sandbox"};
}

// What a unit with nothing in it has a property of and [Service] a directive of: the settings of
// systemd.exec(5), systemd.resource-control(5), systemd.kill(5) and systemd.service(5).
Result<Coverage> coverage_on(const ManagerOptions& options) {
  const auto manager = open_manager(options);
  if (!manager) return manager.error();
  const auto pristine = find_pristine(**manager);
  if (!pristine) return pristine.error();
  const auto known = unit::known_names(**manager);
  if (!known) return known.error();
  std::set<std::string> directives;
  for (const auto& [property, value] : pristine->properties) {
    const auto directive = unit::directive_of(property);
    if (known->knows("Service", directive)) directives.insert(directive);
  }
  Coverage coverage{(*manager)->facts().systemd, {}};
  for (const auto& directive : directives) coverage.directives.push_back(coverage_of(directive));
  return coverage;
}

Json as_json(const Coverage& coverage) {
  Json directives = Json::array();
  for (const auto& [directive, status, reason] : coverage.directives) {
    Json entry = {{"name", directive}, {"status", status}};
    if (!reason.empty()) entry["reason"] = reason;
    directives.push_back(std::move(entry));
  }
  return {{"systemd", coverage.systemd}, {"directives", std::move(directives)}};
}

std::string as_text(const Coverage& coverage) {
  std::string text = fmt::format("\nDirectives of systemd {}\n", coverage.systemd);
  for (const char* status : {"not covered", "untestable", "covered", "not of the sandbox"}) {
    const auto count =
        std::count_if(coverage.directives.begin(), coverage.directives.end(),
                      [status](const Covered& each) { return each.status == status; });
    text += fmt::format("  {}: {}\n", status, count);
    for (const auto& [directive, is, reason] : coverage.directives) {
      if (is != status) continue;
      text += reason.empty() ? fmt::format("    {}=\n", directive)
                             : fmt::format("    {:<28} {}\n", directive + "=", reason);
    }
  }
  return text;
}

std::string as_text(const Json& cards) {
  std::string text = "Probes\n";
  for (const auto& card : cards) {
    text += fmt::format("  {:<28} {}\n", card.value("id", ""), card.value("attempts", ""));
  }
  text += "\nDirectives with a guarantee\n";
  for (const auto& directive : guarantee::covered_directives()) {
    text += fmt::format("  {}=\n", directive);
  }
  text += "\nDirectives that no attempt can show\n";
  for (const auto& [directive, reason] : guarantee::untestable_directives()) {
    text += fmt::format("  {:<28} {}\n", std::string(directive) + "=", reason);
  }
  text += "\nDirectives that restrict nothing\n";
  for (const auto& directive : unit::directives_not_of_the_sandbox()) {
    text += fmt::format("  {}=\n", directive);
  }
  return text;
}

struct Options {
  std::string format = "text";
  std::string output;
  ManagerOptions manager;
  bool coverage = false;
};

int list(const Options& options) {
  const auto folder = launch::probes_on_this_machine();
  if (!folder) return fail(folder.error());
  const auto cards = cards_in(*folder);
  if (!cards) return fail(cards.error());
  Json json = {{"schema", "sandproof/list/1"}, {"probes", *cards}};
  json["directives"] = guarantee::covered_directives();
  json["untestable"] = guarantee::untestable_directives();
  json["not_of_the_sandbox"] = unit::directives_not_of_the_sandbox();
  std::string text = as_text(*cards);
  if (options.coverage) {
    const auto coverage = coverage_on(options.manager);
    if (!coverage) return fail(coverage.error());
    json["coverage"] = as_json(*coverage);
    text += as_text(*coverage);
  }
  const auto written =
      write_result(options.format == "json" ? json.dump(2) + "\n" : text, options.output);
  return written ? all_held : fail(written.error());
}

}  // namespace

void add_list(CLI::App& program, int& status) {
  auto options = std::make_shared<Options>();
  auto* command =
      program.add_subcommand("list", "Every probe, and every directive that has a guarantee");
  command->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  command->add_flag("--coverage", options->coverage,
                    "Start a systemd, and show which of its directives are covered");
  add_manager_options(*command, options->manager);
  add_output_option(*command, options->output);
  command->callback([options, &status] { status = list(*options); });
}

}  // namespace sandproof::cli
