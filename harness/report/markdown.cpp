#include "report/markdown.h"

#include <algorithm>

#include "base/text.h"
#include "report/layout.h"
#include "report/words.h"

namespace sandproof::report {

namespace {

// Nothing of the text is Markdown, HTML, the end of a table's cell or a mention.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (std::string_view("&<>|`*_[]\\~#@!$").find(c) != std::string_view::npos) {
      result += "&#" + std::to_string(static_cast<int>(c)) + ";";
    } else {
      result += c;
    }
  }
  return result;
}

// A code span, in a table's cell too. What could end it stands in an element instead.
std::string code(std::string_view text) {
  if (text.empty()) return {};
  const bool is_plain = text.find_first_of("`|\\") == std::string_view::npos;
  if (is_plain) return "`" + std::string(text) + "`";
  return "<code>" + escaped(text) + "</code>";
}

// A block whose fence no text in it can end.
std::string code_block(std::string_view text) {
  std::string fence = "```";
  while (text.find(fence) != std::string_view::npos) fence += '`';
  return fence + "sh\n" + std::string(text) + "\n" + fence + "\n";
}

std::string_view mark(const DirectiveResult& directive) {
  switch (level_of(directive)) {
    case Level::error:
      return "❌";
    case Level::warning:
      return "⚠️";
    case Level::notice:
      return "☑️";
    case Level::none:
      break;
  }
  return directive.status == Status::held ? "✅" : "➖";
}

std::string details(const CheckResult& result, const DirectiveResult& directive) {
  const auto place = place_of(result, directive);
  std::string text =
      "#### " + code(assignment(directive.directive)) + " " + to_string(directive.status) + "\n\n";
  if (const auto where = location(place.file, place.line); !where.empty()) {
    text += code(where) + "  \n";
  }
  if (const auto reason = why(directive); !reason.empty()) text += escaped(reason) + "\n";
  for (const auto* attempt : against(result, directive)) {
    text += "\n- " + to_string(attempt->judgement.verdict) + ": " +
            escaped(join(seen(*attempt), "; ")) + "\n\n";
    if (!attempt->reproduce.empty()) text += code_block(printable(attempt->reproduce));
  }
  return text + "\n";
}

std::string unit_section(const CheckResult& result) {
  const auto findings = count_findings(result);
  std::string text =
      "### " + code(printable(result.unit)) + ": " +
      (findings == 0 ? "no findings"
                     : std::to_string(findings) + (findings == 1 ? " finding" : " findings")) +
      "\n\n" + escaped(summary_words(result)) + " · user " + code(printable(user_name(result))) +
      " · " + escaped(manager_words(result.manager)) + "\n\n";
  for (const auto& note : result.notes) text += "> " + escaped(printable(note)) + "\n\n";
  if (!result.directives.empty()) {
    text += "| | Directive | Status | What was seen | Where |\n|---|---|---|---|---|\n";
  }
  for (const auto* directive : worst_first(result)) {
    const auto& file = directive->directive.file;
    const auto where =
        directive->directive.implied_by
            ? "implied by " + code(printable(*directive->directive.implied_by))
            : code(location(file.substr(file.rfind('/') + 1), directive->directive.line));
    text += "| " + std::string(mark(*directive)) + " | " +
            code(cut(assignment(directive->directive), 60)) + " | " + to_string(directive->status) +
            " | " + escaped(evidence(result, *directive)) + " | " + where + " |\n";
  }
  text += "\n";
  for (const auto* directive : worst_first(result)) {
    if (level_of(*directive) != Level::none) text += details(result, *directive);
  }
  for (const auto& finding : result.further) {
    text += "#### " + escaped(printable(finding.title)) + "\n\n";
    if (const auto where = location(finding.file, finding.line); !where.empty()) {
      text += code(where) + "  \n";
    }
    text += escaped(printable(finding.text)) + "\n\n";
  }
  return text;
}

}  // namespace

std::string markdown_report(std::span<const CheckResult> results, std::size_t most) {
  constexpr std::size_t room_for_the_count = 100;
  std::vector<const CheckResult*> order;
  for (const auto& result : results) order.push_back(&result);
  std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return count_findings(*a) > 0 && count_findings(*b) == 0;
  });
  std::string text = "## sandproof\n\n";
  std::size_t left_out = 0;
  for (const auto* result : order) {
    const auto section = unit_section(*result);
    if (text.size() + section.size() + room_for_the_count > most) {
      ++left_out;
    } else {
      text += section;
    }
  }
  if (left_out > 0) {
    text += "**" + std::to_string(left_out) + (left_out == 1 ? " unit is" : " units are") +
            " left out: too long for a summary.**\n";
  }
  return text;
}

}  // namespace sandproof::report
