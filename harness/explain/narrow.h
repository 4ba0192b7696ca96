// From a list to the elements of it that are to blame.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "explain/isolate.h"
#include "explain/suggest.h"
#include "model/explanation.h"

namespace sandproof::explain {

// Tries the unit with each of these groups of lines added, the rest of the set taken away; answers
// for each whether it starts.
using TryLines =
    std::function<Result<std::vector<bool>>(const std::vector<std::vector<std::string>>& lines)>;
// One start with the lines added, followed.
using FollowLines = std::function<Result<Trial>(const std::vector<std::string>& lines)>;

struct Narrowing {
  const UnitText& text;
  const Failure& failure;
  TryLines try_lines;
  FollowLines follow;
};

// Elements that are to blame, and elements that a list which allows would have to have. Nothing
// where the directive is no list.
Result<std::vector<Narrowed>> narrow(const Narrowing& narrowing, const std::string& directive);

}  // namespace sandproof::explain
