// What a unit's directives promise, and the attempts that show it, each made once.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "guarantee/guarantee.h"
#include "model/check.h"
#include "model/unit.h"

namespace sandproof {

// A directive's own word on itself before any attempt: off, untestable, no-probe, ignored.
struct Plan {
  std::vector<DirectiveResult> directives;
  std::vector<Expectation> expectations;
  // By directive.
  std::vector<std::pair<std::string, guarantee::Limit>> limits;

  // The distinct attempts of the expectations and the limits, in their order.
  std::vector<Attempt> attempts() const;
};

Plan plan_of(const Unit& unit, const guarantee::Subject& subject);

// A note on each limit that the unit's own user was seen to come by.
std::vector<std::string> notes_on_limits(const Plan& plan,
                                         const std::function<Square(const Attempt&)>& square_of);

// Expectations that differ in nothing but the directive become one result with both names.
std::vector<AttemptResult> merge(const std::vector<Expectation>& expectations,
                                 const std::function<Square(const Attempt&)>& square_of);

}  // namespace sandproof
