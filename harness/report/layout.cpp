#include "report/layout.h"

#include <cstdint>

#include "base/text.h"

namespace sandproof::report {

namespace {

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

// The code point that starts the text, whose bytes `length` tells; -1 and one byte where it is
// none.
std::int32_t first_code_point(std::string_view text, std::size_t& length) {
  const auto first = static_cast<unsigned char>(text[0]);
  length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  // A control character is no text for is_text(), and is one byte.
  if (first < 0x80) return first;
  if (text.size() < length || !is_text(text.substr(0, length))) {
    length = 1;
    return -1;
  }
  std::int32_t code_point = first & (0x7f >> length);
  for (std::size_t i = 1; i < length; ++i) {
    code_point = code_point << 6 | (static_cast<unsigned char>(text[i]) & 0x3f);
  }
  return code_point;
}

std::string hexadecimal(std::int32_t number, int digits) {
  std::string text;
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
    text += "0123456789abcdef"[number >> shift & 0xf];
  }
  return text;
}

// Marks and overrides of direction, line and paragraph separators, and invisible characters: with
// them a line can read as another than it is.
bool misleads(std::int32_t code_point) {
  return (code_point >= 0x200b && code_point <= 0x200f) ||
         (code_point >= 0x2028 && code_point <= 0x202e) ||
         (code_point >= 0x2060 && code_point <= 0x206f) || code_point == 0x061c ||
         code_point == 0xfeff;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    std::size_t length = 0;
    const auto code_point = first_code_point(text, length);
    if (code_point < 0) {
      result += "\\x" + hexadecimal(static_cast<unsigned char>(text[0]), 2);
    } else if (code_point == '\n') {
      result += "\\n";
    } else if (code_point == '\t') {
      result += "\\t";
    } else if (code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0)) {
      result += "\\x" + hexadecimal(code_point, 2);
    } else if (misleads(code_point)) {
      result += "\\u" + hexadecimal(code_point, 4);
    } else {
      result += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  return result;
}

std::size_t columns(std::string_view text) {
  std::size_t count = 0;
  for (const char byte : text) count += is_continuation(byte) ? 0 : 1;
  return count;
}

std::string cut(std::string_view text, std::size_t width) {
  if (columns(text) <= width) return std::string(text);
  // One column is the "…"'s.
  std::size_t end = 0;
  for (std::size_t count = 0; end < text.size(); ++end) {
    if (!is_continuation(text[end]) && ++count == width) break;
  }
  const auto space = text.rfind(' ', end);
  if (space != std::string_view::npos && columns(text.substr(0, space)) >= width / 2 &&
      columns(text.substr(0, space)) + 2 <= width) {
    return std::string(text.substr(0, space)) + " …";
  }
  return std::string(text.substr(0, end)) + "…";
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  for (const auto& word : words(text)) {
    if (!lines.empty() && columns(lines.back()) + 1 + columns(word) <= width) {
      lines.back() += " " + word;
    } else {
      lines.push_back(word);
    }
  }
  return lines;
}

std::string pad(std::string_view text, std::size_t width) {
  const auto used = columns(text);
  return std::string(text) + std::string(used < width ? width - used : 0, ' ');
}

}  // namespace sandproof::report
