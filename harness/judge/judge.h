// Squares in, verdicts out. Pure: no systemd, no files, no clock.
//
// In these tables, the first row that fits decides. `any` is any outcome; `stopped` is denied,
// killed or absent; `promised` is a stop that the expectation lists; `not` is anything but allowed.
// An outcome of `allowed` is evidence by itself; a stop is none until a bare cell shows what the
// sandbox has changed.
//
// The front door, must be denied:
//
//   bare user  bare root  sandboxed user  sandboxed root
//   any        any        allowed         any              leaked
//   any        any        stopped         allowed          leaked, where it is promised of root too
//   not        not        any             any              untestable
//   any        any        unable          any              unproven
//   allowed    any        promised        any              held by user
//   allowed    any        stopped         any              unproven: another directive stops it
//   not        allowed    stopped         promised         held by root
//   not        allowed    stopped         any              unproven
//
// A front door of Control::root, such as User='s own: both user cells are of the same user, so what
// root may do bare is what would be without it:
//
//   any        any        allowed         any              leaked
//   any        not        any             any              untestable
//   any        any        unable          any              unproven
//   any        allowed    promised        any              held by root
//   any        allowed    stopped         any              unproven
//
// A side door, must be denied. Whatever shuts it, shut is shut; and it is open where the unit's own
// user can take it, while a door that only root could take is told in the square alone:
//
//   any        any        allowed         any              bypassed
//   not        not        any             any              untestable
//   any        any        unable          any              unproven
//   allowed    any        stopped         any              held by user
//   not        allowed    stopped         stopped          held by root
//   not        allowed    stopped         any              held by none: the user never could
//   any        allowed    stopped         any              held by root, of Control::root
//
// Must be allowed. What the user may not do without the sandbox either is not the sandbox's doing,
// unless it keeps root from it, too. What the directive itself gives (Control::none) nobody has
// without it, and a stop is all that has to be seen:
//
//   any        any        allowed         any              held by user
//   any        any        stopped         any              overblocked, of Control::none
//   not        not        any             any              untestable
//   any        any        unable          any              unproven
//   allowed    any        stopped         any              overblocked
//   not        allowed    stopped         stopped          overblocked
//   not        allowed    stopped         unable           unproven
//   not        allowed    stopped         allowed          held by root
//
// Where the unit runs as root, its user cells are root's cells.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "model/attempt.h"
#include "model/check.h"
#include "model/verdict.h"

namespace sandproof {

Judgement judge(const Expectation& expectation, const Square& square);

// Whether the attempt is one of those that show the directive.
bool is_of(const AttemptResult& attempt, const std::string& directive);

// The judgement's reason; of an open side door, with what was found to shut it on this very unit
// rather than with what is known to shut it in general.
std::string reason_of(const AttemptResult& attempt);

// What the attempts say of one directive.
struct Decision {
  Status status = Status::no_probe;
  std::string reason;
  // The attempt in CheckResult::attempts that decides: the first of those with the worst verdict.
  std::optional<std::size_t> decisive;
};

Status status_of(Verdict verdict);

// The worst verdict of the attempts that name the directive, as Status orders them. A side door
// counts only where it is open: one that is shut, or that could not be tried, neither proves the
// front nor spoils it. In a user manager, which has no root, what its user may not do in any case
// counts only where nothing else was tried. `no_probe` where no attempt names the directive;
// `unproven` where only doors do, and all of them are shut.
Decision decide(const CheckResult& result, const std::string& directive);

// What an attempt finds of a directive that the clones do not have as the unit has it is no
// evidence of the unit: it is unproven.
void withdraw_uncopied(CheckResult& result);

// Gives every directive its status and reason: `ignored` where the manager does not have it; where
// an attempt names it what decide() says, or `unproven` where the clones do not have it. Any other
// keeps what its guarantee said of it: `off`, `untestable` with a reason, `no_probe`.
void conclude(CheckResult& result);

}  // namespace sandproof
