#include "unit/reader.h"

#include "base/text.h"

namespace sandproof::unit {

namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

std::vector<std::string> lines_of(std::string_view text) {
  auto lines = split(text, '\n');
  for (auto& line : lines) {
    if (line.ends_with('\r')) line.pop_back();
  }
  return lines;
}

bool is_comment(std::string_view line) {
  const auto text = trim(line);
  return text.starts_with('#') || text.starts_with(';');
}

// A backslash that no other backslash escapes.
bool is_continued(std::string_view line) {
  bool is_escaped = false;
  for (const char c : line) is_escaped = !is_escaped && c == '\\';
  return is_escaped;
}

class Reader {
 public:
  void read(std::string_view line, int number) {
    // A comment between continuation lines does not end them.
    if (is_comment(line)) return;
    if (pending_.empty()) first_line_ = number;
    pending_ += line;
    if (is_continued(pending_)) {
      pending_.back() = ' ';
      return;
    }
    finish(number);
  }

  void finish(int number) {
    const std::string text(trim(pending_));
    pending_.clear();
    if (text.empty()) return;
    if (text.starts_with('[') && text.ends_with(']')) {
      section_ = text.substr(1, text.size() - 2);
      return;
    }
    const auto equals = text.find('=');
    Assignment assignment{section_, text, {}, first_line_, number, equals != std::string::npos};
    if (assignment.has_equals) {
      assignment.name = trim(std::string_view(text).substr(0, equals));
      assignment.value = trim(std::string_view(text).substr(equals + 1));
    }
    assignments_.push_back(std::move(assignment));
  }

  std::vector<Assignment> take() { return std::move(assignments_); }

 private:
  std::string section_;
  std::string pending_;
  int first_line_ = 0;
  std::vector<Assignment> assignments_;
};

}  // namespace

std::vector<Assignment> read_assignments(std::string_view text) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  Reader reader;
  int number = 0;
  for (const auto& line : lines_of(text)) reader.read(line, ++number);
  // A file may end in the middle of a continuation.
  reader.finish(number);
  return reader.take();
}

}  // namespace sandproof::unit
