#include "cli/cards.h"

#include <algorithm>
#include <vector>

#include "base/program.h"

namespace sandproof::cli {

// Every program beside the runner and the bystander is a probe, and has a card.
Result<nlohmann::ordered_json> cards_in(const std::filesystem::path& folder) {
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
  auto cards = nlohmann::ordered_json::array();
  for (const auto& program : programs) {
    const auto card = run_program(program, {"--card"});
    if (!card) return card.error();
    auto parsed = nlohmann::ordered_json::parse(*card, nullptr, false);
    if (parsed.is_discarded()) return cannot_run(program.string() + " has no card");
    cards.push_back(std::move(parsed));
  }
  return cards;
}

}  // namespace sandproof::cli
