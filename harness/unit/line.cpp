#include "unit/line.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "base/text.h"

namespace sandproof::unit {

namespace {

bool says_ignored(const std::string& message) {
  const auto has = [&](std::string_view text) { return message.find(text) != std::string::npos; };
  return has("gnor") || has("Unknown") || has("Invalid") || has("Failed to");
}

}  // namespace

std::string place_of(const Line& line) {
  return line.file + ":" + std::to_string(line.assignment.line);
}

std::string as_written(const Line& line) {
  const auto& assignment = line.assignment;
  return assignment.has_equals ? assignment.name + "=" + assignment.value : assignment.name;
}

std::vector<std::string> ignoring(const Line& line) {
  std::vector<std::string> messages;
  std::copy_if(line.log.begin(), line.log.end(), std::back_inserter(messages), says_ignored);
  return messages;
}

bool is_comment_word(const std::string& word) {
  return word.starts_with('#') || word.starts_with(';');
}

bool has_comment_inside(const Line& line) {
  const auto list = words(line.assignment.value);
  return std::any_of(list.begin(), list.end(), is_comment_word);
}

}  // namespace sandproof::unit
