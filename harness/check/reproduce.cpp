#include "check/reproduce.h"

#include <vector>

#include "base/text.h"

namespace sandproof {

std::string reproduce_line(const Unit& unit, const Attempt& attempt,
                           const std::filesystem::path& probes) {
  std::vector<std::string> line = {"systemd-run", "--wait", "--pipe", "--quiet", "--collect"};
  for (const auto& directive : unit.directives) {
    if (directive.is_ignored() || directive.implied_by) continue;
    for (const auto& value : directive.values) {
      line.push_back("-p");
      line.push_back(shell_quote(directive.name + "=" + value));
    }
  }
  line.push_back(shell_quote((probes / attempt.probe).string()));
  for (const auto& argument : attempt.args) line.push_back(shell_quote(argument));
  return join(line, " ");
}

}  // namespace sandproof
