#include "manual/commands.h"

#include <algorithm>

#include "base/text.h"

namespace sandproof::manual {

namespace {

// "TEXT:{host,throwaway}" and "{text,json}[=FILE]": the choices stand in the braces. What else
// follows a colon is a condition on the value.
void read_type(const std::string& type, Option& option) {
  const auto open = type.find('{');
  const auto close = type.find('}', open);
  if (open == std::string::npos || close == std::string::npos) {
    option.value = type.substr(0, type.find(':'));
    return;
  }
  option.choices = split(type.substr(open + 1, close - open - 1), ',');
  option.value = type.substr(close + 1);
}

Option describe(const CLI::Option& option) {
  Option described;
  described.is_positional = option.get_positional();
  if (described.is_positional) {
    described.names = {option.get_single_name()};
    described.value = option.get_single_name();
  } else {
    for (const auto& name : option.get_snames()) described.names.push_back("-" + name);
    for (const auto& name : option.get_lnames()) described.names.push_back("--" + name);
    if (option.get_type_size() > 0) read_type(option.get_type_name(), described);
  }
  described.default_value = option.get_default_str();
  described.description = option.get_description();
  described.is_required = option.get_required();
  described.repeats = option.get_expected_max() > 1;
  return described;
}

}  // namespace

std::string Option::shown_value() const {
  return choices.empty() ? value : join(choices, "|") + value;
}

Command describe(const CLI::App& program) {
  Command command{program.get_name(), program.get_description(), {}, {}};
  for (const auto* option : program.get_options()) command.options.push_back(describe(*option));
  // Those of the line come first.
  std::stable_partition(command.options.begin(), command.options.end(),
                        [](const Option& option) { return option.is_positional; });
  const auto all = [](const CLI::App*) { return true; };
  for (const auto* each : program.get_subcommands(all)) command.commands.push_back(describe(*each));
  return command;
}

std::string in_short(const std::string& description) {
  auto end = description.size();
  for (const char* clause : {"; ", ": ", " (", ", as in "}) {
    end = std::min(end, description.find(clause));
  }
  return description.substr(0, end);
}

}  // namespace sandproof::manual
