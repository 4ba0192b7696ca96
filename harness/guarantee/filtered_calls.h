// What SystemCallFilter= does with a system call. Guarantees of other directives need it, too: a
// filter of the unit's is asked about every attempt, and where several filters have an errno for a
// call, that of SystemCallFilter= is the one that is returned, since systemd installs it last (seen
// on 247, 252, 257 and 262).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "guarantee/expect.h"
#include "model/settings.h"

namespace sandproof::guarantee {

// By what the unit's filter stops the call; nothing where it lets it through, or where there is no
// filter.
std::optional<Outcome> filtered_with(const Settings& settings, std::string_view call);

inline bool is_filtered(const Settings& settings, std::string_view call) {
  return filtered_with(settings, call).has_value();
}

// Whether the unit has a SystemCallFilter= that restricts anything.
bool has_call_filter(const Settings& settings);

// The attempt to make a call in spite of a filter that denies it so: `system-call adjtimex EPERM`.
Attempt call_attempt(const std::string& call, const Outcome& denial);

// Expects that the call is denied with EPERM, which is what the filters of the Protect…= directives
// do. Not where SystemCallFilter= stops it in another way: that is that one's to prove, and
// `system-call` could take its errno for an answer of the call's own.
void expect_filtered(Promise& promise, const Subject& subject, const std::string& call);

// The same of its side doors by the i386 and x32 ABIs, which SystemCallArchitectures= shuts.
void add_foreign_doors(Promise& promise, const Subject& subject, const std::string& call);

}  // namespace sandproof::guarantee
