// Which directives stop an attempt by themselves.
#pragma once

#include <map>

#include "base/result.h"
#include "check/trials.h"

namespace sandproof {

// Attempts that pass without any of the directives → those that stop them by themselves.
using Stoppers = std::map<std::size_t, Names>;

struct StopperSearch {
  // All that is taken away but for what is tried and what is kept.
  Names directives;
  // Each is tried by itself.
  std::vector<std::string> candidates;
  // In force all the time: what an attempt leads around.
  Names kept;
  // No two searches have the same.
  std::map<Cell, Indices> attempts;
};

// All searches side by side. An attempt that is stopped with none of the candidates in force is not
// among the results: it is stopped by what is kept, or by a default of systemd's (UMask=0022). What
// passes with several candidates in force is stopped by none of those, and not tried with each.
Result<Stoppers> find_stoppers(Trials& trials, const std::vector<StopperSearch>& searches);

}  // namespace sandproof
