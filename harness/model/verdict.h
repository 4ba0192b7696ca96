// What a square proves of an attempt, and what its attempts say of a directive.
#pragma once

#include <string>

namespace sandproof {

enum class Verdict { held, leaked, bypassed, overblocked, unproven, untestable };

// By which pair of cells `held` is shown: the unit's own user, or root.
enum class Proof { none, user, root };

enum class Status {
  // Worst first: a directive's status is the worst of its attempts'.
  leaked,
  bypassed,
  overblocked,
  ignored,  // a file sets it, and the manager does not have it in the settings
  unproven,
  untestable,
  no_probe,
  off,  // set, in force, and restricts nothing
  held,
};

struct Judgement {
  Verdict verdict = Verdict::unproven;
  Proof proof = Proof::none;
  std::string reason;  // for held only where it was seen in another way than in the square
};

std::string to_string(Verdict verdict);
std::string to_string(Proof proof);
std::string to_string(Status status);  // "no-probe"

// A status that makes the exit status 1.
bool is_finding(Status status);

}  // namespace sandproof
