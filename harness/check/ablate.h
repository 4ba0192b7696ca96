// Which directive carries which protection: takes directives away and looks which attempts flip.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "check/scene.h"
#include "model/check.h"

namespace sandproof {

// Fills in `load` of every directive and `carried_by` of every attempt that held. Singles first;
// then, for what no single directive carries, each directive by itself, to see which of them
// suffice; and last the pairs that this leaves, each of them tried before it is named.
Result<void> ablate(Scene& scene, CheckResult& result);

// What runs showed, from which loads are concluded; pure.
struct Ablations {
  // Attempt (an index into CheckResult::attempts) → directives whose absence alone flips it.
  std::map<std::size_t, std::set<std::string>> bearing;
  // Attempt → pairs whose absence together flips it.
  std::map<std::size_t, std::set<std::pair<std::string, std::string>>> pairs;
  // Attempt → directives each of which stops it by itself, where there are more than two.
  std::map<std::size_t, std::set<std::string>> sufficient;
};

void conclude_loads(const Ablations& ablations, CheckResult& result);

}  // namespace sandproof
