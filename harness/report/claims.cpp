#include "report/claims.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <nlohmann/json.hpp>

#include "report/layout.h"
#include "report/words.h"

namespace sandproof::report {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<ClaimVerdict, 4> verdicts = {ClaimVerdict::refuted, ClaimVerdict::unproven,
                                                  ClaimVerdict::untestable,
                                                  ClaimVerdict::confirmed};

// ISO 6429: red, yellow, yellow, green.
std::string_view colour_of(ClaimVerdict verdict) {
  switch (verdict) {
    case ClaimVerdict::refuted:
      return "\x1b[31m";
    case ClaimVerdict::confirmed:
      return "\x1b[32m";
    default:
      return "\x1b[33m";
  }
}

std::string counts(std::span<const ClaimResult> claims) {
  std::string text;
  for (const auto verdict : {ClaimVerdict::confirmed, ClaimVerdict::refuted, ClaimVerdict::unproven,
                             ClaimVerdict::untestable}) {
    const auto count =
        std::count_if(claims.begin(), claims.end(),
                      [verdict](const ClaimResult& claim) { return claim.verdict == verdict; });
    if (count != 0)
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, to_string(verdict));
  }
  return text;
}

std::string manager_text(const ManagerFacts& manager) {
  if (manager.systemd == 0) return "no manager";
  return manager_words(manager);
}

// What nobody expects first, then by verdict, each in the suite's order.
std::vector<const ClaimResult*> in_order(const std::vector<ClaimResult>& claims) {
  std::vector<const ClaimResult*> ordered;
  for (const auto& claim : claims) ordered.push_back(&claim);
  const auto rank = [](const ClaimResult& claim) {
    const auto place =
        std::find(verdicts.begin(), verdicts.end(), claim.verdict) - verdicts.begin();
    return place + (claim.is_as_expected() ? static_cast<std::ptrdiff_t>(verdicts.size()) : 0);
  };
  std::stable_sort(
      ordered.begin(), ordered.end(),
      [&rank](const ClaimResult* a, const ClaimResult* b) { return rank(*a) < rank(*b); });
  return ordered;
}

std::string note_of(const ClaimResult& claim) {
  if (claim.is_as_expected()) {
    return claim.because.empty() ? "" : "as expected: " + claim.because;
  }
  if (claim.because.empty()) return {};
  return "expected " + to_string(claim.expected) + ": " + claim.because;
}

void add_wrapped(std::string& text, const std::string& what, int width) {
  constexpr std::size_t indent = 13;
  const auto room = static_cast<std::size_t>(std::max(width, 60)) - indent;
  for (const auto& line : wrap(printable(what), room)) {
    text += std::string(indent, ' ') + line + "\n";
  }
}

}  // namespace

std::string claims_text(std::span<const SuiteResult> suites, const ClaimsTextOptions& options) {
  std::string text;
  for (const auto& suite : suites) {
    if (!text.empty()) text += '\n';
    text += fmt::format("{}  {}\n", printable(suite.name), manager_text(suite.manager));
    for (const auto* claim : in_order(suite.claims)) {
      const std::string verdict = pad(to_string(claim->verdict), 10);
      text +=
          options.colour ? fmt::format("{}{}\x1b[0m", colour_of(claim->verdict), verdict) : verdict;
      text += fmt::format(" {} {}\n", claim->is_as_expected() ? " " : "!", printable(claim->id));
      add_wrapped(text, claim->says, options.width);
      if (options.verbose || claim->verdict != ClaimVerdict::confirmed ||
          !claim->is_as_expected()) {
        add_wrapped(text, claim->evidence, options.width);
        const std::string note = note_of(*claim);
        if (!note.empty()) add_wrapped(text, note, options.width);
      }
    }
    text += counts(suite.claims) + "\n";
  }
  return text;
}

std::string claims_json(std::span<const SuiteResult> suites) {
  Json json = {{"schema", "sandproof/claims/1"}, {"claims", Json::array()}};
  for (const auto& suite : suites) {
    for (const auto& claim : suite.claims) {
      Json one = {{"id", claim.id},
                  {"suite", suite.name},
                  {"says", claim.says},
                  {"source", claim.source},
                  {"unit", claim.unit.empty() ? Json(nullptr) : Json(claim.unit)},
                  {"verdict", to_string(claim.verdict)},
                  {"evidence", claim.evidence},
                  {"expected", to_string(claim.expected)},
                  {"because", claim.because.empty() ? Json(nullptr) : Json(claim.because)}};
      one["systemd"] = suite.manager.systemd == 0 ? Json(nullptr) : Json(suite.manager.systemd);
      json["claims"].push_back(std::move(one));
    }
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

namespace {

// For a cell of a table: a line, with what Markdown would take for its own made plain.
std::string cell(const std::string& text) {
  std::string result;
  for (const char letter : printable(text)) {
    if (letter == '|' || letter == '*' || letter == '<' || letter == '_' || letter == '`') {
      result += '\\';
    }
    result += letter;
  }
  return result;
}

void add_table(std::string& page, const SuiteResult& suite, ClaimVerdict verdict) {
  std::string rows;
  for (const auto& claim : suite.claims) {
    if (claim.verdict != verdict) continue;
    std::string says = cell(claim.says);
    if (!claim.because.empty()) says += ". **" + cell(claim.because) + "**";
    rows += fmt::format("| `{}` | {} | {} | {} |\n", claim.id, cell(claim.source), says,
                        cell(claim.evidence));
  }
  if (rows.empty()) return;
  std::string title = to_string(verdict);
  title[0] = static_cast<char>(title[0] - 'a' + 'A');
  page += fmt::format("\n### {}\n\n| claim | where | it says | seen |\n|---|---|---|---|\n{}",
                      title, rows);
}

}  // namespace

std::string claims_markdown(std::span<const SuiteResult> suites) {
  std::string page = "# Findings\n\nMade by `scripts/findings` from the suites: do not edit.\n";
  std::size_t total = 0;
  for (const auto& suite : suites) total += suite.claims.size();
  page += fmt::format("\n{} claims of {} suites:\n\n", total, suites.size());
  for (const auto& suite : suites) {
    page += fmt::format("- [{0}](#{0}): {1}\n", suite.name, counts(suite.claims));
  }
  for (const auto& suite : suites) {
    page += fmt::format("\n## {}\n\n", suite.name);
    if (!suite.document.empty()) page += cell(suite.document) + ". ";
    page += fmt::format("Tried on {}.\n", manager_text(suite.manager));
    for (const auto verdict : verdicts) add_table(page, suite, verdict);
  }
  return page;
}

std::string documentation_text(const DocumentationResult& result) {
  std::string text = printable(result.page);
  if (!result.unit.empty()) text += "  " + printable(result.unit);
  text += '\n';
  std::string before;
  for (const auto& one : result.directives) {
    const std::string title = to_string(one.agreement);
    if (title != before) text += "\n" + title + "\n";
    before = title;
    text += "  " + printable(one.name) + "=" + printable(one.documented);
    if (one.agreement == Agreement::another_value || one.agreement == Agreement::undocumented) {
      text += "  set: " + printable(one.set);
    }
    if (!one.reason.empty()) text += "  (" + printable(one.reason) + ")";
    text += '\n';
  }
  return text;
}

std::string documentation_json(const DocumentationResult& result) {
  Json json = {{"schema", "sandproof/documentation/1"},
               {"page", result.page},
               {"unit", result.unit.empty() ? Json(nullptr) : Json(result.unit)},
               {"directives", Json::array()}};
  for (const auto& one : result.directives) {
    json["directives"].push_back({{"name", one.name},
                                  {"documented", one.documented},
                                  {"set", one.set},
                                  {"agreement", to_string(one.agreement)},
                                  {"reason", one.reason}});
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sandproof::report
