// What the directives of a unit's directories carry: each is away at a first start of the unit, one
// start after the other, since the directories are there for all cells alike.
#pragma once

#include <cstddef>
#include <map>

#include "base/result.h"
#include "check/loads.h"
#include "check/scene.h"
#include "check/trials.h"

namespace sandproof {

// Attempts → the directives whose absence alone flips them.
using Bearing = std::map<std::size_t, Names>;

// Of the user's cell. The attempts are those that nothing else stops: what it does, it does without
// the directories as well.
Result<Bearing> bearing_directories(const Scene& scene, Trials& trials, const CheckResult& result,
                                    const Names& names, const Indices& attempts);

}  // namespace sandproof
