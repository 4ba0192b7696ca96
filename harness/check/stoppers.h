// Which directives stop an attempt by themselves.
#pragma once

#include <map>
#include <set>

#include "base/result.h"
#include "check/trials.h"

namespace sandproof {

// Attempts that pass without any of the directives → those that stop them by themselves.
using Stoppers = std::map<std::size_t, Names>;

struct StopperSearch {
  // All that is taken away but for what is tried and what is kept.
  Names directives;
  // What is tried by itself, and first with those that it stands with: best with what stops the
  // same attempts.
  std::vector<Names> slices;
  // In force all the time: what an attempt leads around.
  Names kept;
  Cell cell = Cell::sandboxed_user;
  // No two searches have the same.
  Indices attempts;
};

struct FoundStoppers {
  Stoppers stoppers;
  // Those of them that could not even be made with one of the candidates in force.
  std::set<std::size_t> unclear;
};

// All searches side by side. An attempt that is stopped with none of the candidates in force is not
// among the results: it is stopped by what is kept, or by a default of systemd's (UMask=0022). What
// passes with several candidates in force is stopped by none of those, and not tried with each.
Result<FoundStoppers> find_stoppers(Trials& trials, const std::vector<StopperSearch>& searches);

}  // namespace sandproof
