// Which assignments of a unit's files are in force, and why the others are not: a pure function of
// the files' text, systemd's log of loading them, and the settings that came of it.
#pragma once

#include <string>
#include <vector>

#include "model/unit.h"
#include "unit/known.h"
#include "unit/line.h"

namespace sandproof::unit {

struct Evaluation {
  std::vector<Directive> directives;
  std::vector<ExemptCommand> exempt;
  std::vector<std::string> not_of_the_sandbox;
  std::vector<std::string> notes;
};

// `lines` are those of the fragment, then of the drop-ins in their order.
Evaluation evaluate(const std::vector<Line>& lines, const KnownNames& known,
                    const Settings& settings, int systemd);

}  // namespace sandproof::unit
