// The few words of man(7) that the pages are made of.
#pragma once

#include <string>
#include <string_view>

namespace sandproof::manual {

// Text that roff takes for nothing but text. A hyphen stays one that can be copied.
std::string roff(std::string_view text);
std::string bold(std::string_view text);
std::string italic(std::string_view text);

// A line of text, which does not begin with what roff takes for a request.
std::string text_line(std::string_view escaped);

struct PageTitle {
  std::string name;     // "sandproof.suite"
  int section = 0;      // 5
  std::string summary;  // "what documentation says of units, as claims"
  std::string date;     // "2026-11-21"
  std::string version;  // "sandproof 0.1.0"
};

// .TH and NAME.
std::string head_of(const PageTitle& title);
std::string section(std::string_view name);
std::string subsection(std::string_view name);
// A tag with what is said of it.
std::string item(const std::string& escaped_tag, const std::string& escaped_text);

}  // namespace sandproof::manual
