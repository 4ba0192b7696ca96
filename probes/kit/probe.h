// A probe is one file that defines the two things declared last in this header: `card`, which says
// what it attempts, and `attempt`, which does it once. The kit does the rest (probes/README.md).

#pragma once

#include <initializer_list>

#include "kit/args.h"
#include "kit/names.h"
#include "kit/sys.h"
#include "kit/text.h"

namespace probe {

class Errnos {
 public:
  // A list that is too long does not compile.
  constexpr Errnos(std::initializer_list<int> errors = {}) {
    for (const int error : errors) values_[count_++] = error;
  }
  constexpr const int* begin() const { return values_; }
  constexpr const int* end() const { return values_ + count_; }
  constexpr bool has(int error) const {
    for (const int value : *this) {
      if (value == error) return true;
    }
    return false;
  }

 private:
  size_t count_ = 0;
  int values_[12] = {};
};

struct Card {
  // The name of the file, with dashes: set_time.cpp is "set-time".
  const char* id;
  // The action, as close to C as reads well.
  const char* attempts;
  // Words in capitals, "[WORD]" where it may be left out, "WORD..." for one or more. The kit counts
  // them before it attempts anything.
  const char* arguments = "";
  // Why a machine is none the worse when the attempt gets through.
  const char* harmless_because;
  // Errnos of a gate that a sandbox shuts.
  Errnos denied_with = {};
  // The object of the attempt is not there, or is hidden.
  Errnos absent_with = {};
  // Errnos from behind the gate: the attempt got through, and failed harmlessly after it.
  Errnos allowed_with = {};
};

enum class Kind { allowed, denied, absent, unable };

struct Outcome {
  Kind kind;
  int error = 0;
  const char* reason = nullptr;
};

inline Outcome allowed() { return {.kind = Kind::allowed}; }
inline Outcome denied(int error) { return {.kind = Kind::denied, .error = error}; }
inline Outcome absent(int error) { return {.kind = Kind::absent, .error = error}; }

// The attempt could not be made, and why: "no such family", or a step of the preparation with the
// negative errno that it returned, told as "socket: EMFILE".
inline Outcome unable(const char* reason, long result = 0) {
  return {.kind = Kind::unable, .error = static_cast<int>(-result), .reason = reason};
}

// Becomes another probe, which lies beside this one: the arguments from `index` on are its name and
// its own arguments. For a probe that is a way to get where another attempt may succeed: what that
// one says is the outcome. Returns only where it cannot.
Outcome become(Args args, size_t index);

// An argument that cannot be understood.
inline Outcome usage() { return unable("usage"); }

// What the kernel's answer to the attempt itself means. An errno on no list of the card is
// `unable`: that something failed does not mean that it was denied.
inline Outcome judge(const Card& card, long result) {
  if (result >= 0) return allowed();
  const auto error = static_cast<int>(-result);
  if (card.allowed_with.has(error)) return allowed();
  if (card.denied_with.has(error)) return denied(error);
  if (card.absent_with.has(error)) return absent(error);
  return {.kind = Kind::unable, .error = error};
}

// The same of a call by the x32 ABI: most kernels do not have it, and say ENOSYS.
inline Outcome judge_x32(const Card& card, long result) {
  return result == -ENOSYS ? absent(ENOSYS) : judge(card, result);
}

}  // namespace probe

extern const probe::Card card;

// Runs after `attempting` is written: no system call that the attempt can do without.
probe::Outcome attempt(probe::Args args);
