// Claims in C++, for GoogleTest:
//
//   TEST(Runwisp, CannotWriteToEtc) {
//     EXPECT_THAT(unit("units/runwisp.service").attempt("fs-write", "/etc"), IsDenied(EROFS));
//   }
//
// The attempt is made in the four cells, on a throwaway systemd of the test's own; a matcher looks
// at all of them, so that a denial that the sandbox has no part in does not pass.
#pragma once

#include <gmock/gmock.h>

#include <ostream>
#include <string>
#include <vector>

#include "model/attempt.h"

namespace sandproof::testing {

// What was seen of one attempt.
struct Attempted {
  Attempt attempt;
  Square square;
  std::string error;  // why it could not be made; "" where it could
};

void PrintTo(const Attempted& attempted, std::ostream* stream);

// A unit on the throwaway that all tests of the program share.
class UnitUnderTest {
 public:
  explicit UnitUnderTest(std::string unit) : unit_(std::move(unit)) {}

  template <typename... Arguments>
  Attempted attempt(const std::string& probe, const Arguments&... arguments) const {
    return make({probe, {std::string(arguments)...}});
  }

 private:
  Attempted make(const Attempt& attempt) const;

  std::string unit_;
};

// The path of a unit file, or the name of a unit of this machine.
UnitUnderTest unit(const std::string& path);

// Denied to the unit's user by its sandbox, and by any errno, or by this one. See claim/verdicts.h
// for when a denial counts.
::testing::Matcher<const Attempted&> IsDenied(int error = 0);
::testing::Matcher<const Attempted&> IsDeniedToRoot(int error = 0);
// Allowed to the unit's user, in its sandbox.
::testing::Matcher<const Attempted&> IsAllowed();
::testing::Matcher<const Attempted&> IsAllowedToRoot();

}  // namespace sandproof::testing
