#include "unit/commands.h"

#include "base/text.h"

namespace sandproof::unit {

namespace {

// From 258 on "!!" does nothing: systemd.exec(5).
constexpr int first_without_double_bang = 258;

// systemd.service(5): the prefixes come in any order.
std::string exemption_of(const std::string& command) {
  const std::string prefixes = command.substr(0, command.find_first_not_of("-@:+!|"));
  if (prefixes.find('+') != std::string::npos) return "+";
  if (prefixes.find("!!") != std::string::npos) return "!!";
  if (prefixes.find('!') != std::string::npos) return "!";
  return {};
}

}  // namespace

void Commands::take(const Line& line) {
  const auto& assignment = line.assignment;
  auto& list = exempt_[assignment.name];
  if (assignment.value.empty()) {
    list.clear();
    return;
  }
  // Several commands of a line are set apart by a semicolon that stands alone.
  bool is_start = true;
  for (const auto& word : words(assignment.value)) {
    if (is_start) {
      const std::string prefix = exemption_of(word);
      if (!prefix.empty() && (prefix != "!!" || systemd_ < first_without_double_bang)) {
        list.push_back({assignment.name, prefix, line.file, assignment.line});
      }
    }
    is_start = word == ";";
  }
}

std::vector<ExemptCommand> Commands::exempt() const {
  std::vector<ExemptCommand> all;
  for (const auto& [directive, commands] : exempt_) {
    all.insert(all.end(), commands.begin(), commands.end());
  }
  return all;
}

}  // namespace sandproof::unit
