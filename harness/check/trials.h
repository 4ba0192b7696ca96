// The unit without some of its directives, tried: which attempts end otherwise.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "check/loads.h"
#include "check/scene.h"
#include "model/check.h"

namespace sandproof {

// Attempts, as indices into CheckResult::attempts.
using Indices = std::vector<std::size_t>;

struct Trial {
  Names without;
  Cell cell = Cell::sandboxed_user;  // or sandboxed_root
  Indices attempts;
};

// Whether the directive is of the user alone: what an attempt needs to be the same attempt.
bool is_identity(const std::string& directive);

// What became of an attempt, against the check.
enum class Effect {
  same,
  flipped,
  gone,     // what a directive permits, where the unit does not even start without it
  unknown,  // it could not be made
};
using Effects = std::map<std::size_t, Effect>;

bool is_flipped(Effect effect);
// What did not end the same.
std::set<std::size_t> changed_by(const Effects& effects);

class Trials {
 public:
  Trials(Scene& scene, const CheckResult& result) : scene_(scene), result_(result) {}

  // All in flight together. systemd itself says what is left of the settings; a trial whose
  // directives change nothing is not made, and its effects are the same.
  Result<std::vector<Effects>> run(const std::vector<Trial>& trials);

  // Whether the attempt is one by which one of the directives promises something.
  bool is_promised(std::size_t attempt, const Names& directives) const;

  // One after the other, in the user's cell, each on a machine that has seen no start of the unit.
  Result<std::vector<Effects>> run_first_starts(const std::vector<Trial>& trials);

 private:
  std::vector<Attempt> attempts_of(const Trial& trial) const;
  std::vector<EditedVariant> variants_of(const std::vector<Trial>& trials) const;
  Effects effects_of(const Trial& trial, const CellOutcomes& outcomes) const;
  Effect effect_on(std::size_t index, const Trial& trial, const CellOutcomes& outcomes) const;

  Scene& scene_;
  const CheckResult& result_;
};

}  // namespace sandproof
