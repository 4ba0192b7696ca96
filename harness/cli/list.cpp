#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/program.h"
#include "cli/command.h"
#include "guarantee/guarantee.h"
#include "launch/stage.h"

namespace sandproof::cli {

namespace {

using Json = nlohmann::ordered_json;

// Every program beside the runner and the bystander is a probe, and has a card.
Result<Json> cards_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> programs;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (entry.is_regular_file(error) && name.find('.') == std::string::npos && name != "runner" &&
        name != "bystander" && name != "standin") {
      programs.push_back(entry.path());
    }
  }
  std::sort(programs.begin(), programs.end());
  Json cards = Json::array();
  for (const auto& program : programs) {
    const auto card = run_program(program, {"--card"});
    if (!card) return card.error();
    auto parsed = Json::parse(*card, nullptr, false);
    if (parsed.is_discarded()) return cannot_run(program.string() + " has no card");
    cards.push_back(std::move(parsed));
  }
  return cards;
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
  return text;
}

int list(const std::string& format, const std::string& output) {
  const auto folder = launch::probes_on_this_machine();
  if (!folder) return fail(folder.error());
  const auto cards = cards_in(*folder);
  if (!cards) return fail(cards.error());
  Json json = {{"schema", "sandproof/list/1"}, {"probes", *cards}};
  json["directives"] = guarantee::covered_directives();
  const auto written =
      write_result(format == "json" ? json.dump(2) + "\n" : as_text(*cards), output);
  return written ? all_held : fail(written.error());
}

}  // namespace

void add_list(CLI::App& program, int& status) {
  struct Options {
    std::string format = "text";
    std::string output;
  };
  auto options = std::make_shared<Options>();
  auto* command =
      program.add_subcommand("list", "Every probe, and every directive that has a guarantee");
  command->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  add_output_option(*command, options->output);
  command->callback([options, &status] { status = list(options->format, options->output); });
}

}  // namespace sandproof::cli
