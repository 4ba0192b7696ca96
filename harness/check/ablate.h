// Which directive carries which protection: takes directives away and looks which attempts flip.
#pragma once

#include "base/result.h"
#include "check/loads.h"
#include "check/scene.h"
#include "model/check.h"

namespace sandproof {

// Of the attempts that held.
//
// First each directive by itself, with nothing else of the unit in force but the user: what stops
// an attempt alone. Then the unit without one directive, for each that may carry something: which
// attempts flip. A directive is taken away together with others where every attempt has another
// left that stops it; only where one of them flips nevertheless are those taken away one by one.
// System call filters are taken away all at once (check/filters.h). Pairs are tried before they are
// named. And last, one after the other, the directives that make directories, since these are there
// for all cells.
//
// `beside` is run beside it, and asks for nothing that this gives.
Result<Ablations> ablate(Scene& scene, const CheckResult& result, const launch::Lane& beside);

}  // namespace sandproof
