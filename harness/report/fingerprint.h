// What lets a reader of SARIF know a result again when lines have moved.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sandproof::report {

// Sixteen hexadecimal digits that depend on the parts alone, and on where one ends.
std::string fingerprint(const std::vector<std::string>& parts);

// GitHub's primaryLocationLineHash of every line of a file, the first line's at [0]: a rolling hash
// of the hundred characters from the line's start on, without spaces and tabs, and ":N" for the Nth
// line with that hash. Its upload action computes the same and complains of any other.
std::vector<std::string> line_hashes(std::string_view text);

}  // namespace sandproof::report
