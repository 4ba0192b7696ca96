// Sections of the project's own Markdown as sections of a man page.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sandproof::manual {

// Headings, paragraphs, lists, tables, blocks of code; links keep their text. What stands before
// the first heading of level 2 is the section DESCRIPTION. A row of a table is an item: the first
// cell is its tag.
std::string page_of_markdown(std::string_view text);

// The part of the text below that heading of level 2, the heading with it; "" where there is none.
std::string section_of_markdown(std::string_view text, std::string_view heading);

}  // namespace sandproof::manual
