#include "manager/mounts.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>

#include "base/text.h"

namespace sandproof {

namespace {

// Blanks and backslashes stand as \040 and the like.
std::string unescape(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto is_octal = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '7'; };
    if (text[i] == '\\' && i + 3 < text.size() && is_octal(i + 1) && is_octal(i + 2) &&
        is_octal(i + 3)) {
      result += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 +
                                  (text[i + 3] - '0'));
      i += 3;
    } else {
      result += text[i];
    }
  }
  return result;
}

std::uint64_t number_in(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// "254:0"
std::uint64_t file_system_in(std::string_view text) {
  const auto colon = std::min(text.find(':'), text.size() - 1);
  return number_in(text) << 20 | number_in(text.substr(colon + 1));
}

}  // namespace

std::vector<Mount> parse_mountinfo(const std::string& text) {
  std::vector<Mount> mounts;
  for (const auto& line : split(text, '\n')) {
    const auto fields = words(line);
    const auto separator = std::find(fields.begin(), fields.end(), "-");
    if (fields.size() < 6 || fields.end() - separator < 2) continue;
    mounts.push_back({number_in(fields[0]), file_system_in(fields[2]), unescape(fields[3]),
                      unescape(fields[4]), *(separator + 1)});
  }
  return mounts;
}

std::vector<Mount> mounts_of_this_process() {
  std::ifstream file("/proc/self/mountinfo");
  std::stringstream text;
  text << file.rdbuf();
  return parse_mountinfo(text.str());
}

}  // namespace sandproof
