// What starting, stopping, killing and restarting a unit does, seen on the unit itself: stand-ins
// of ours take the place of its programs.
#pragma once

#include <string>

#include "claim/claim.h"
#include "claim/ground.h"
#include "claim/verdicts.h"

namespace sandproof::claim {

// Runs the steps in order, up to the first that is not as the claim has it. A claimed step that is
// not so refutes; one that sets the scene leaves the claim unproven. The ground is as it was
// afterwards. An error is a run that could not be made.
Result<Weighed> live_through(Ground& ground, const Claim& claim, const std::string& suite_standin);

// Starts the unit with its stand-ins for as long as this lives.
class Running {
 public:
  static Result<std::unique_ptr<Running>> start(Ground& ground, const Claim& claim,
                                                const std::string& suite_standin);
  ~Running();
  // False where the unit's start failed.
  bool is_started() const { return is_started_; }
  Result<void> stop();

 private:
  class State;

  explicit Running(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
  bool is_started_ = false;
};

}  // namespace sandproof::claim
