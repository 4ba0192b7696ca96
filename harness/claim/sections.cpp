#include "claim/sections.h"

#include "base/text.h"

namespace sandproof::claim {

namespace {

bool is_comment(std::string_view line) {
  return line.empty() || line.front() == '#' || line.front() == ';';
}

class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  int number() const { return number_; }
  std::string_view next() {
    const auto end = rest_.find('\n');
    const auto line = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    ++number_;
    return trim(line);
  }

 private:
  std::string_view rest_;
  int number_ = 0;
};

// A backslash at the end of a line is a space and the next line; comments between are left out.
std::string continued(std::string_view first, Lines& lines) {
  std::string line(first);
  while (line.ends_with('\\') && !lines.at_end()) {
    const auto next = lines.next();
    if (is_comment(next) && !next.empty()) continue;
    line.back() = ' ';
    line += next;
  }
  return line;
}

}  // namespace

Error error_at(const std::string& file, int line, const std::string& message) {
  return bad_input(file + ":" + std::to_string(line) + ": " + message);
}

Result<std::vector<Section>> read_sections(std::string_view text, const std::string& file) {
  std::vector<Section> sections;
  Lines lines(text);
  while (!lines.at_end()) {
    const auto first = lines.next();
    const int number = lines.number();
    if (!is_text(first)) return error_at(file, number, "not UTF-8 text");
    if (is_comment(first)) continue;
    if (first.front() == '[') {
      if (first.size() < 3 || first.back() != ']') {
        return error_at(file, number, "a section is [NAME]");
      }
      sections.push_back({std::string(first.substr(1, first.size() - 2)), {}, number});
      continue;
    }
    const std::string line = continued(first, lines);
    if (!is_text(line)) return error_at(file, number, "not UTF-8 text");
    const auto equals = line.find('=');
    if (equals == std::string::npos)
      return error_at(file, number, "neither [SECTION] nor KEY=VALUE");
    if (sections.empty()) return error_at(file, number, "a key before the first section");
    sections.back().entries.push_back({std::string(trim(std::string_view(line).substr(0, equals))),
                                       std::string(trim(std::string_view(line).substr(equals + 1))),
                                       number});
  }
  return sections;
}

}  // namespace sandproof::claim
