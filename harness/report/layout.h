// Laying out text for a terminal: what came from a unit file must neither steer the terminal nor
// break a table.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sandproof::report {

// The text with everything that a terminal obeys rather than shows made visible: control
// characters, marks that reorder text, and bytes that are not UTF-8. "\n", "\x1b", "\u202e".
std::string printable(std::string_view text);

// How many columns printable text takes: its code points.
std::size_t columns(std::string_view text);

// The text in at most `width` columns; what had to go is a "…". A list is cut between its words,
// where that keeps half of the room in use.
std::string cut(std::string_view text, std::size_t width);

// The text as lines of at most `width` columns, broken at spaces. A longer word has a line for
// itself, whole: half a path can be neither read nor copied.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

// The text with spaces after it, up to `width` columns.
std::string pad(std::string_view text, std::size_t width);

}  // namespace sandproof::report
