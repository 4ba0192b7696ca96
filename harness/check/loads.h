// What ablations say of the directives: which is load-bearing, which shares, which is idle. Pure.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/check.h"

namespace sandproof {

using Names = std::set<std::string>;

// What runs showed. Attempts are indices into CheckResult::attempts.
struct Ablations {
  // Directives whose absence alone flips the attempt.
  std::map<std::size_t, Names> bearing;
  // Directives each of which stops the attempt by itself, or with another of them: what those
  // together let through was seen.
  std::map<std::size_t, Names> shared;
  // Directives that could not be taken away: they have no load.
  Names untried;
};

// Fills in `load` of every directive and `carried_by` of every attempt, and notes what was not
// tried.
void conclude_loads(const Ablations& ablations, CheckResult& result);

// The names in as few groups as a greedy choice finds, of which none has all the names of one of
// `stoppers`: what those stop is still stopped where a whole group is taken away. A name that is
// itself the only stopper of something is in no group.
std::vector<Names> groups_that_leave_a_stopper(const std::vector<std::string>& names,
                                               const std::vector<Names>& stoppers);

// The names in slices whose number, with that of the names of one or two of them, is smallest: so
// many trials an attempt takes that one or two names stop, where first each slice is tried and then
// each name of those that stop it.
std::vector<Names> slices(const std::vector<std::string>& names);

}  // namespace sandproof
