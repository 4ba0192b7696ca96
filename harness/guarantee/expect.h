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
  return {.attempt = std::move(attempt),
          .directive = {},
          .must = Must::denied,
          .side_door = {},
          .shut_by = {},
          .promised = std::move(promised)};
}

// A promise that root is exempt from: ProtectProc=invisible.
inline Expectation must_be_denied_to_user(Attempt attempt, Promised promised) {
  auto expectation = must_be_denied(std::move(attempt), std::move(promised));
  expectation.of_root = false;
  return expectation;
}

// A promise that the unit is not root, or not of root's group: what root may do shows what would
// be.
inline Expectation must_be_denied_unlike_root(Attempt attempt, Promised promised) {
  auto expectation = must_be_denied_to_user(std::move(attempt), std::move(promised));
  expectation.control = Control::root;
  return expectation;
}

inline Expectation must_be_allowed(Attempt attempt) {
  auto expectation = must_be_denied(std::move(attempt), {});
  expectation.must = Must::allowed;
  return expectation;
}

// What the directive itself gives: without it there is nothing to be allowed.
inline Expectation must_be_granted(Attempt attempt) {
  auto expectation = must_be_allowed(std::move(attempt));
  expectation.control = Control::none;
  return expectation;
}

// Another way to the same end. `shut_by` is an assignment to try against it, or "".
inline Expectation side_door(std::string name, Attempt attempt, Promised promised,
                             std::string shut_by) {
  auto expectation = must_be_denied(std::move(attempt), std::move(promised));
  expectation.side_door = std::move(name);
  expectation.shut_by = std::move(shut_by);
  return expectation;
}

// The same attempt by the root of a new user namespace, and of what `kind` names beside it: "user",
// "mnt", "cgroup".
inline Attempt in_user_namespace(std::string kind, const Attempt& attempt) {
  Attempt result{"in-user-namespace", {std::move(kind), attempt.probe}};
  result.args.insert(result.args.end(), attempt.args.begin(), attempt.args.end());
  return result;
}

}  // namespace sandproof::guarantee
