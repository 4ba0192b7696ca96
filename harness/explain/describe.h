// A failure in sentences, for people.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "explain/suggest.h"
#include "explain/trial.h"
#include "explain/unit_text.h"

namespace sandproof::explain {

// What happened, with the culprits named that brought it about; the cause first.
std::vector<std::string> describe(const Failure& failure, const std::vector<std::string>& culprits,
                                  const UnitText& text);

// Of a step that fails where an account is missing: "User=x: there is no such user"; else "".
std::string missing_account(const std::string& step, const UnitText& text);

// The calls that were refused to the unit's own program with the culprits and not without them.
std::vector<RefusedCall> refused_by_sandbox(const Trace& with, const Trace& without);

// "mount namespacing: /run/foo: No such file or directory" → "/run/foo"; "" where there is none.
std::string path_in_message(const std::string& message);

// openat("/etc/stamp", O_WRONLY) = EROFS
std::string to_string(const RefusedCall& call);

// "226/NAMESPACE", "exit status 1", "SIGSYS".
std::string ending_of(const Trial& trial);

}  // namespace sandproof::explain
