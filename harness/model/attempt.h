// What is tried, what a directive promises of it, and what was seen.
#pragma once

#include <compare>
#include <string>
#include <vector>

#include "model/outcome.h"

namespace sandproof {

// A probe with its arguments: `fs-write /etc`.
struct Attempt {
  std::string probe;
  std::vector<std::string> args;

  auto operator<=>(const Attempt&) const = default;
};

std::string to_string(const Attempt& attempt);

enum class Must { denied, allowed };

// The bare cell that shows what would be without the directive.
enum class Control {
  same_user,  // as whom the sandboxed cell runs
  root,       // the directive is the identity itself: User=, Group=
  none,  // the directive grants what nobody has without it: StateDirectory=; only for Must::allowed
};

// One attempt with the outcome that it must have for a directive to hold.
struct Expectation {
  Attempt attempt;
  std::string directive;
  Must must = Must::denied;
  // Empty for the front door, the action as the directive names it; else the other way to the same
  // end, in a few words: "i386 system call 359".
  std::string side_door;
  // An assignment that is worth trying against an open side door, or a leak; or "".
  std::string shut_by;
  // The outcomes by which the directive denies; a denial by any other is something else's.
  std::vector<Outcome> promised;
  // Whether the promise is made of a process of root's, too.
  bool of_root = true;
  Control control = Control::same_user;

  bool is_front() const { return side_door.empty(); }
};

// One way to run an attempt.
enum class Cell { bare_user, bare_root, sandboxed_user, sandboxed_root };
inline constexpr Cell all_cells[] = {Cell::bare_user, Cell::bare_root, Cell::sandboxed_user,
                                     Cell::sandboxed_root};
std::string to_string(Cell cell);

// The four cells of one attempt.
struct Square {
  Outcome bare_user;
  Outcome bare_root;
  Outcome sandboxed_user;
  Outcome sandboxed_root;

  bool operator==(const Square&) const = default;
  Outcome& operator[](Cell cell);
  const Outcome& operator[](Cell cell) const;
};

}  // namespace sandproof
