// Small text helpers that the whole harness shares.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sandproof {

std::string_view trim(std::string_view text);
// The words between white space.
std::vector<std::string> words(std::string_view text);
std::vector<std::string> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);

// The candidate with the smallest edit distance, or "" where none is near enough to be a
// misspelling of the name (more than a third of its letters differ).
std::string nearest(std::string_view name, const std::vector<std::string>& candidates);

// The text in single quotes for a POSIX shell, or as it is where no quoting is needed.
std::string shell_quote(std::string_view text);

// Whether the bytes are UTF-8 without control characters other than tab and line ends.
bool is_text(std::string_view bytes);

}  // namespace sandproof
