// What a manager wrote to its journal about a unit.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/rooted.h"

namespace sandproof::bus {

// The fields of an entry: systemd.journal-fields(7).
using JournalEntry = std::map<std::string, std::string>;

// All that the manager whose files these are has logged about the unit until now, oldest first.
// Only fields of text, and of a field that is there twice the last. `field` is the one that has the
// unit: USER_UNIT= where the manager is a user's.
Result<std::vector<JournalEntry>> journal_of_unit(const RootedFs& files, const std::string& unit,
                                                  std::chrono::milliseconds limit,
                                                  const std::string& field = "UNIT");

// Whose words are a unit's own. The journal learns a process's unit from /proc when it reads the
// message (journald-context.c): of one that has ended by then it tells none.
struct Speakers {
  std::string unit;
  // From then on such a message may be the unit's: on the machine's monotonic clock.
  std::chrono::steady_clock::time_point since;
  // It is where its sender calls itself so; without names nobody else is there to have said it.
  std::optional<std::vector<std::string>> names;
};

// All that the unit's own processes have written until now, oldest first.
Result<std::vector<JournalEntry>> journal_by_unit(const RootedFs& files, const Speakers& speakers,
                                                  std::chrono::milliseconds limit);

}  // namespace sandproof::bus
