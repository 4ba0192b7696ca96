#include "manual/pages.h"

#include "base/text.h"

namespace sandproof::manual {

namespace {

std::string synopsis_of(const Option& positional) {
  const std::string dots = positional.repeats ? "..." : "";
  const std::string name = italic(positional.names.front()) + dots;
  return positional.is_required ? name : "[" + name + "]";
}

std::string synopsis_of(const Command& program, const Command& command) {
  std::string line = bold(program.name + " " + command.name) + " [" + italic("OPTION") + "]...";
  for (const auto& option : command.options) {
    if (option.is_positional) line += " " + synopsis_of(option);
  }
  return line;
}

std::string tag_of(const Option& option) {
  if (option.is_positional) return italic(option.names.front());
  std::vector<std::string> names;
  for (const auto& name : option.names) names.push_back(bold(name));
  std::string tag = join(names, ", ");
  const std::string value = option.shown_value();
  if (!value.empty()) tag += " " + (option.choices.empty() ? italic(value) : roff(value));
  return tag;
}

std::string item_of(const Option& option) {
  std::string text = roff(option.description);
  if (!option.default_value.empty()) text += " (default: " + roff(option.default_value) + ")";
  return item(tag_of(option), text);
}

std::string options_of(const Command& command) {
  std::string text;
  for (const auto& option : command.options) text += item_of(option);
  return text;
}

std::string errnos_of(const nlohmann::ordered_json& card, const char* list, const char* clause) {
  std::vector<std::string> names;
  for (const auto& name : card.value(list, nlohmann::ordered_json::array())) {
    names.push_back(roff(name.get<std::string>()));
  }
  return names.empty() ? "" : text_line(std::string(clause) + " " + join(names, ", ") + ".");
}

std::string item_of(const nlohmann::ordered_json& card) {
  const std::string arguments = card.value("arguments", "");
  const std::string tag =
      bold(card.value("id", "")) + (arguments.empty() ? "" : " " + italic(arguments));
  return item(tag, roff(card.value("attempts", "")) + ".") +
         text_line("Harmless, because " + roff(card.value("harmless_because", "")) + ".") +
         errnos_of(card, "denied_with", "Denied with") +
         errnos_of(card, "absent_with", "Absent with") +
         errnos_of(card, "allowed_with", "Allowed, too, with");
}

}  // namespace

std::string command_page(const Command& program, const PageTitle& title,
                         const std::string& further) {
  std::string page = head_of(title) + section("SYNOPSIS") + ".nf\n";
  for (const auto& command : program.commands) {
    page += text_line(synopsis_of(program, command));
  }
  page += ".fi\n" + section("DESCRIPTION") + text_line(roff(program.description));
  page += section("OPTIONS") + options_of(program) + section("COMMANDS");
  for (const auto& command : program.commands) {
    page += subsection(command.name) + text_line(roff(command.description)) + options_of(command);
  }
  return page + further;
}

std::string probes_page(const nlohmann::ordered_json& cards, const PageTitle& title) {
  std::string page = head_of(title) + section("DESCRIPTION");
  page += text_line(
      "A probe is a tiny static program that attempts one forbidden action, once, and says how it "
      "ended:");
  page += text_line("allowed, denied or absent with an errno, or unable with a reason.");
  page += text_line("An errno that its card does not list is unable, never denied.");
  page += section("PROBES");
  for (const auto& card : cards) page += item_of(card);
  return page;
}

}  // namespace sandproof::manual
