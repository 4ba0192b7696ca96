// What a unit's directives promise, and the attempts that show it, each made once.
#pragma once

#include <vector>

#include "guarantee/guarantee.h"
#include "model/check.h"
#include "model/unit.h"

namespace sandproof {

// A directive's own word on itself before any attempt: off, untestable, no-probe, ignored.
struct Plan {
  std::vector<DirectiveResult> directives;
  std::vector<Expectation> expectations;

  // The distinct attempts of the expectations, in their order.
  std::vector<Attempt> attempts() const;
};

Plan plan_of(const Unit& unit, const guarantee::Subject& subject);

// Expectations that differ in nothing but the directive become one result with both names.
std::vector<AttemptResult> merge(const std::vector<Expectation>& expectations,
                                 const std::function<Square(const Attempt&)>& square_of);

}  // namespace sandproof
