#include "report/loads.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "report/layout.h"
#include "report/words.h"

namespace sandproof::report {

namespace {

using Names = std::vector<std::string>;

constexpr std::size_t told_attempts = 3;
constexpr std::size_t told_company = 5;
constexpr std::size_t indent = 2;

// What a directive has a part in: by itself, and by those that would stop the same without it.
struct Part {
  Names carried;
  std::map<Names, Names> shared;
};

void add_once(Names& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

Part part_of(const CheckResult& result, const std::string& directive) {
  Part part;
  for (const auto& attempt : result.attempts) {
    if (!attempt.carried_by) continue;
    Names company = *attempt.carried_by;
    const auto self = std::find(company.begin(), company.end(), directive);
    if (self == company.end()) continue;
    company.erase(self);
    add_once(attempt.is_shared ? part.shared[company] : part.carried, to_string(attempt.attempt));
  }
  return part;
}

std::string first_few(const Names& names, std::size_t told) {
  if (names.size() <= told) return join(names, ", ");
  return join({names.begin(), names.begin() + static_cast<std::ptrdiff_t>(told)}, ", ") + " and " +
         std::to_string(names.size() - told) + " more";
}

Names clauses_of(const Part& part) {
  Names clauses;
  if (!part.carried.empty()) clauses.push_back("carries " + first_few(part.carried, told_attempts));
  for (const auto& [company, attempts] : part.shared) {
    clauses.push_back("shares with " + first_few(company, told_company) + ": " +
                      first_few(attempts, told_attempts));
  }
  if (clauses.empty()) clauses.push_back("idle");
  return clauses;
}

}  // namespace

std::vector<std::string> load_lines(const CheckResult& result, std::size_t width) {
  std::vector<const DirectiveResult*> taken_away;
  std::size_t name_width = 0;
  for (const auto& directive : result.directives) {
    // What is implied is taken away with what implies it.
    if (!directive.load || directive.directive.implied_by) continue;
    taken_away.push_back(&directive);
    name_width = std::max(name_width, columns(assignment(directive.directive)));
  }
  name_width = std::min(name_width, width / 3);
  const std::size_t lead_width = indent + name_width + indent;
  std::vector<std::string> lines;
  for (const auto* directive : taken_away) {
    std::string lead = std::string(indent, ' ') +
                       pad(cut(assignment(directive->directive), name_width), name_width) +
                       std::string(indent, ' ');
    for (const auto& clause : clauses_of(part_of(result, directive->directive.name))) {
      for (const auto& part : wrap(printable(clause), width - lead_width)) {
        lines.push_back(lead + part);
        lead = std::string(lead_width, ' ');
      }
    }
  }
  return lines;
}

}  // namespace sandproof::report
