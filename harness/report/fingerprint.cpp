#include "report/fingerprint.h"

#include <array>
#include <cstdint>
#include <map>

namespace sandproof::report {

namespace {

std::string hexadecimal(std::uint64_t number) {
  std::string digits;
  do {
    digits.insert(digits.begin(), "0123456789abcdef"[number % 16]);
    number /= 16;
  } while (number != 0);
  return digits;
}

constexpr std::size_t window_size = 100;
constexpr std::uint64_t base = 37;

constexpr std::uint64_t base_to_the_window() {
  std::uint64_t power = 1;
  for (std::size_t i = 0; i < window_size; ++i) power *= base;
  return power;
}

class LineHashes {
 public:
  std::vector<std::string> of(const std::vector<std::uint16_t>& characters) {
    for (const auto character : characters) take(character);
    constexpr std::uint16_t end_of_file = 65535;
    take(end_of_file);
    for (std::size_t i = 0; i < window_size; ++i) {
      finish_line();
      shift(0);
    }
    return std::move(hashes_);
  }

 private:
  void take(std::uint16_t character) {
    if (character == ' ' || character == '\t' || (after_return_ && character == '\n')) {
      after_return_ = false;
      return;
    }
    after_return_ = character == '\r';
    if (after_return_) character = '\n';
    finish_line();
    if (at_line_start_) {
      at_line_start_ = false;
      lines_[index_] = ++line_;
    }
    at_line_start_ = character == '\n';
    shift(character);
  }

  // The oldest character of the window, where a line starts with it: the window is that line's.
  void finish_line() {
    const auto line = lines_[index_];
    if (line == 0) return;
    const auto hash = hexadecimal(hash_);
    hashes_.resize(line);
    hashes_[line - 1] = hash + ":" + std::to_string(++counts_[hash]);
    lines_[index_] = 0;
  }

  void shift(std::uint16_t character) {
    hash_ = base * hash_ + character - base_to_the_window() * window_[index_];
    window_[index_] = character;
    index_ = (index_ + 1) % window_size;
  }

  std::array<std::uint16_t, window_size> window_{};
  std::array<std::size_t, window_size> lines_{};  // the line that starts there, or 0
  std::size_t index_ = 0;
  std::uint64_t hash_ = 0;
  std::size_t line_ = 0;
  bool at_line_start_ = true;
  bool after_return_ = false;
  std::map<std::string, int> counts_;
  std::vector<std::string> hashes_;
};

// Of text that is UTF-8: GitHub's action reads the file as such and hashes UTF-16 code units.
std::vector<std::uint16_t> utf16(std::string_view text) {
  std::vector<std::uint16_t> units;
  std::size_t i = 0;
  while (i < text.size()) {
    const auto first = static_cast<unsigned char>(text[i]);
    const int more = first < 0xc0 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    std::uint32_t code_point = more == 0 ? first : first & (0x3fU >> more);
    for (++i; i < text.size() && (static_cast<unsigned char>(text[i]) & 0xc0) == 0x80; ++i) {
      code_point = code_point << 6 | (static_cast<unsigned char>(text[i]) & 0x3fU);
    }
    if (code_point >= 0x10000) {
      code_point -= 0x10000;
      units.push_back(static_cast<std::uint16_t>(0xd800 + (code_point >> 10)));
      units.push_back(static_cast<std::uint16_t>(0xdc00 + (code_point & 0x3ff)));
    } else {
      units.push_back(static_cast<std::uint16_t>(code_point));
    }
  }
  return units;
}

}  // namespace

std::string fingerprint(const std::vector<std::string>& parts) {
  // FNV-1a, 64 bits.
  std::uint64_t hash = 0xcbf29ce484222325;
  const auto take = [&hash](unsigned char byte) { hash = (hash ^ byte) * 0x100000001b3; };
  for (const auto& part : parts) {
    for (const char c : part) take(static_cast<unsigned char>(c));
    take(0);
  }
  auto digits = hexadecimal(hash);
  digits.insert(0, 16 - digits.size(), '0');
  return digits;
}

std::vector<std::string> line_hashes(std::string_view text) { return LineHashes().of(utf16(text)); }

}  // namespace sandproof::report
