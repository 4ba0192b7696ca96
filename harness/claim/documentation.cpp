#include "claim/documentation.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <set>

#include "unit/reader.h"
#include "unit/values.h"

namespace sandproof::claim {

namespace {

const DirectiveResult* find_directive(const CheckResult& checked, const std::string& name) {
  const auto found =
      std::find_if(checked.directives.begin(), checked.directives.end(),
                   [&name](const DirectiveResult& one) { return one.directive.name == name; });
  return found == checked.directives.end() ? nullptr : &*found;
}

Agreement agreement_of(Status status) {
  if (status == Status::held) return Agreement::held;
  if (is_finding(status) || status == Status::off) return Agreement::not_held;
  return Agreement::not_proved;
}

// Each value that the unit's files give a directive, in their order.
std::vector<std::string> values_in_files(const CheckResult& checked, const std::string& name) {
  std::vector<std::string> values;
  for (const auto& file : checked.files) {
    const auto text = checked.sources.find(file);
    if (text == checked.sources.end()) continue;
    for (const auto& assignment : unit::read_assignments(text->second)) {
      if (assignment.section == "Service" && assignment.name == name) {
        values.push_back(assignment.value);
      }
    }
  }
  return values;
}

// What does not restrict cannot be tried, but its value can be compared: TimeoutStopSec=30s.
// Commands are left alone, since pages abridge them.
DocumentedDirective not_of_the_sandbox(const Mention& mention, const CheckResult& checked) {
  DocumentedDirective one{mention.name, mention.value, {}, Agreement::not_sandbox, {}};
  const auto values = values_in_files(checked, mention.name);
  if (values.empty()) return one;
  one.set = values.back();
  const bool is_set_so = std::any_of(values.begin(), values.end(), [&](const std::string& value) {
    return unit::is_same_value(mention.value, value);
  });
  if (mention.has_value && !is_set_so && !mention.name.starts_with("Exec")) {
    one.agreement = Agreement::another_value;
  }
  return one;
}

DocumentedDirective documented(const Mention& mention, const CheckResult& checked) {
  DocumentedDirective one{mention.name, mention.value, {}, Agreement::not_set, {}};
  const auto& others = checked.not_of_the_sandbox;
  if (std::find(others.begin(), others.end(), mention.name) != others.end()) {
    return not_of_the_sandbox(mention, checked);
  }
  const auto* directive = find_directive(checked, mention.name);
  if (directive == nullptr) return one;
  one.set = directive->directive.value;
  if (mention.has_value && !unit::is_same_value(mention.value, one.set)) {
    one.agreement = Agreement::another_value;
    return one;
  }
  one.agreement = agreement_of(directive->status);
  one.reason = to_string(directive->status);
  if (!directive->reason.empty()) one.reason += ": " + directive->reason;
  return one;
}

bool is_mentioned(const std::vector<Mention>& mentions, const std::string& name) {
  return std::any_of(mentions.begin(), mentions.end(),
                     [&name](const Mention& mention) { return mention.name == name; });
}

// Directives whose property is not as files have it: groups are spelt out, sets are numbers.
bool is_spelt_out(const std::string& name) {
  static const std::set<std::string> names = {
      "AmbientCapabilities", "CapabilityBoundingSet",   "EnvironmentFile",
      "LoadCredential",      "RestrictAddressFamilies", "RestrictFileSystems",
      "RestrictNamespaces",  "SystemCallFilter",        "TemporaryFileSystem"};
  return names.contains(name) || name.starts_with("Exec");
}

std::string lower(std::string text) {
  for (char& letter : text) {
    letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  }
  return text;
}

}  // namespace

DocumentationResult describe_page(const std::string& page, const std::vector<Mention>& mentions) {
  DocumentationResult result{page, {}, {}};
  for (const auto& mention : mentions) {
    result.directives.push_back({mention.name, mention.value, {}, Agreement::documented, {}});
  }
  return result;
}

DocumentationResult compare(const std::string& page, const std::vector<Mention>& mentions,
                            const CheckResult& checked) {
  DocumentationResult result{page, checked.unit, {}};
  for (const auto& mention : mentions) result.directives.push_back(documented(mention, checked));
  for (const auto& directive : checked.directives) {
    if (directive.directive.implied_by || is_mentioned(mentions, directive.directive.name)) {
      continue;
    }
    result.directives.push_back({directive.directive.name,
                                 {},
                                 directive.directive.value,
                                 Agreement::undocumented,
                                 to_string(directive.status)});
  }
  std::stable_sort(result.directives.begin(), result.directives.end(),
                   [](const DocumentedDirective& a, const DocumentedDirective& b) {
                     return a.agreement < b.agreement;
                   });
  return result;
}

std::string suite_skeleton(const DocumentationResult& result, const std::string& unit) {
  const std::string stem = std::filesystem::path(unit).stem().string();
  const std::string name = stem.empty() ? "unit" : stem;
  std::string text = "# What " + result.page + " says of " + name +
                     ": a sentence of the page for " +
                     "each Says=,\n# and an Attempt= or a Lifecycle= that shows what it does.\n" +
                     "[Suite]\nUnit=" + (unit.empty() ? name + ".service" : unit) +
                     "\nDocument=" + result.page + "\n";
  for (const auto& one : result.directives) {
    const std::string& value = one.documented.empty() ? one.set : one.documented;
    if (one.agreement == Agreement::undocumented || value.empty()) continue;
    text += "\n";
    if (is_spelt_out(one.name)) {
      text += "# " + one.name + "=" + value + ": what it denies is for an Attempt= to show.\n";
      continue;
    }
    text += "[Claim]\nId=" + name + "." + lower(one.name) + "\nSays=" + one.name + "=" + value +
            " is in force\nSource=" + one.name + "=\nProperty=" + one.name + "\nIs=" + value + "\n";
  }
  return text;
}

}  // namespace sandproof::claim
