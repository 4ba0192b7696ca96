#include "unit/lost_words.h"

#include <algorithm>

#include "base/text.h"
#include "unit/known.h"
#include "unit/values.h"

namespace sandproof::unit {

namespace {

std::vector<std::string> names_in_settings(const std::string& name, const Settings& settings) {
  const std::string property = property_of(name);
  const Value* value = settings.find(property);
  const bool has_sense = value != nullptr && value->signature == "(bas)";
  return has_sense ? settings.filter(property).names : settings.texts(property);
}

// A tilde before the first word is of the whole list.
std::string bare(const std::string& word) { return word.starts_with('~') ? word.substr(1) : word; }

// The messages end with the word, or have it in quotes.
bool names_word(const std::string& message, const std::string& listed) {
  const std::string word = bare(listed);
  if (word.empty()) return false;
  const auto parts = words(message);
  return std::any_of(parts.begin(), parts.end(), [&](std::string part) {
    const auto is_mark = [](char c) { return c == '\'' || c == '"' || c == ',' || c == '.'; };
    while (!part.empty() && is_mark(part.back()) && part != word) part.pop_back();
    while (!part.empty() && is_mark(part.front()) && part != word) part.erase(0, 1);
    return part == word;
  });
}

}  // namespace

std::vector<std::string> lost_words(const std::string& name, const Line& line,
                                    const std::vector<std::string>& all, const Settings& settings) {
  const auto messages = ignoring(line);
  if (name == "CapabilityBoundingSet" || name == "AmbientCapabilities") {
    auto lost = unknown_capabilities(all);
    if (!lost.empty() || messages.empty()) return lost;
  }
  if (messages.empty()) return {};
  const auto taken = names_in_settings(name, settings);
  const auto comment = std::find_if(all.begin(), all.end(), is_comment_word);
  std::vector<std::string> named;
  std::vector<std::string> lost;
  for (auto word = all.begin(); word != all.end(); ++word) {
    // From 262 on the log names the whole list, and what follows the first mistake is lost, too.
    if (std::find(taken.begin(), taken.end(), bare(*word)) != taken.end()) continue;
    lost.push_back(bare(*word));
    const bool is_named = std::any_of(messages.begin(), messages.end(), [&](const auto& message) {
      return names_word(message, *word);
    });
    if (is_named || word >= comment) named.push_back(bare(*word));
  }
  return named.empty() ? lost : named;
}

std::vector<std::string> without_words(const std::vector<std::string>& all,
                                       const std::vector<std::string>& lost) {
  std::vector<std::string> rest;
  bool is_inverted = false;
  for (const auto& word : all) {
    is_inverted |= word.starts_with('~');
    if (std::find(lost.begin(), lost.end(), bare(word)) == lost.end()) {
      rest.push_back(bare(word));
    }
  }
  if (is_inverted && !rest.empty()) rest.front().insert(0, 1, '~');
  return rest;
}

}  // namespace sandproof::unit
