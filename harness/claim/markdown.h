// Finds the directives that a page of Markdown names: unit text and Nix attributes in its code,
// `Name=value` in its sentences, and tables whose first column is a directive.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sandproof::claim {

struct Mention {
  std::string name;
  std::string value;  // "" where only the name is there
  bool has_value = false;
};

// In the page's order; the same directive may be named more than once. Names are told by their form
// alone, a word of several humps: which of them systemd knows is for others to say.
Result<std::vector<Mention>> find_mentions(std::string_view page);

// One a directive: lists that go over several mentions are not put together, but a mention with a
// value counts for more than one without.
std::vector<Mention> merge_mentions(const std::vector<Mention>& mentions);

}  // namespace sandproof::claim
