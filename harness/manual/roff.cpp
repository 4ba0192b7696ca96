#include "manual/roff.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace sandproof::manual {

namespace {

std::string upper(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return result;
}

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : roff(text)) result += c == '"' ? std::string("\\(dq") : std::string(1, c);
  return result + "\"";
}

}  // namespace

std::string roff(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\\') {
      result += "\\e";
    } else if (c == '-') {
      result += "\\-";
    } else if (c == '^' || c == '~') {
      result += c == '^' ? "\\(ha" : "\\(ti";
    } else if (c == '`' || c == '\'') {
      result += c == '`' ? "\\(ga" : "\\(aq";
    } else {
      result += c;
    }
  }
  return result;
}

std::string bold(std::string_view text) { return "\\fB" + roff(text) + "\\fR"; }
std::string italic(std::string_view text) { return "\\fI" + roff(text) + "\\fR"; }

std::string text_line(std::string_view escaped) {
  const bool is_request = escaped.starts_with('.') || escaped.starts_with('\'');
  return (is_request ? "\\&" : "") + std::string(escaped) + "\n";
}

std::string head_of(const PageTitle& title) {
  return fmt::format(".TH {} {} {} {}\n", quoted(upper(title.name)), title.section, title.date,
                     quoted(title.version)) +
         section("NAME") + roff(title.name) + " \\- " + roff(title.summary) + "\n";
}

std::string section(std::string_view name) { return ".SH " + quoted(upper(name)) + "\n"; }
std::string subsection(std::string_view name) { return ".SS " + quoted(name) + "\n"; }

std::string item(const std::string& escaped_tag, const std::string& escaped_text) {
  return ".TP\n" + text_line(escaped_tag) + text_line(escaped_text);
}

}  // namespace sandproof::manual
