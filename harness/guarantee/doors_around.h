// The way around the whole sandbox: whoever may have the manager start a unit may have it started
// without any. Root may, and so may whom polkit lets; a user manager is there for its user. It is a
// side door of every directive that keeps root, too, from something, and in a user manager of every
// directive that keeps its user from something: where it is open, none of them keeps anything.
#pragma once

#include <string_view>
#include <vector>

#include "guarantee/guarantee.h"

namespace sandproof::guarantee {

// The side doors of the directive that are everyone's, to be tried beside those of its own promise.
// None for a directive that says how much may be had, or with what a process begins and may change
// by itself: LimitNOFILE=, UMask=.
std::vector<Expectation> doors_around(std::string_view directive, const Promise& promise,
                                      const Subject& subject);

}  // namespace sandproof::guarantee
