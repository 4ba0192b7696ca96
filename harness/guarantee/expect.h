// Words to write a guarantee with, so that it reads as a sentence:
//
//   Promise protect_clock(const Subject&) {
//     return {{must_be_denied({"set-time"}, {denied(EPERM)}),
//              side_door("…", {"…"}, {denied(EPERM)}, "SystemCallArchitectures=native")}};
//   }
#pragma once

#include <cerrno>
#include <csignal>
#include <string>
#include <utility>
#include <vector>

#include "guarantee/guarantee.h"

namespace sandproof::guarantee {

inline Outcome denied(int error) { return Outcome::denied(error); }
inline Outcome absent(int error) { return Outcome::absent(error); }
inline Outcome killed(int signal) { return Outcome::killed(signal); }

using Promised = std::vector<Outcome>;

inline Expectation must_be_denied(Attempt attempt, Promised promised) {
  return {std::move(attempt), {}, Must::denied, {}, {}, std::move(promised), true};
}

// A promise that root is exempt from: ProtectProc=invisible.
inline Expectation must_be_denied_to_user(Attempt attempt, Promised promised) {
  return {std::move(attempt), {}, Must::denied, {}, {}, std::move(promised), false};
}

inline Expectation must_be_allowed(Attempt attempt) {
  return {std::move(attempt), {}, Must::allowed, {}, {}, {}, true};
}

// Another way to the same end. `shut_by` is an assignment that is known to shut it, or "".
inline Expectation side_door(std::string name, Attempt attempt, Promised promised,
                             std::string shut_by) {
  return {std::move(attempt),  {},  Must::denied, std::move(name), std::move(shut_by),
          std::move(promised), true};
}

}  // namespace sandproof::guarantee
