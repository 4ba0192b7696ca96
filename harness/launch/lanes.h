// Functions that wait for cells, as coroutines.
#pragma once

#include <boost/context/fiber.hpp>
#include <vector>

#include "launch/batches.h"

namespace sandproof::launch {

class Lanes {
 public:
  Lanes(LaunchContext& context, const std::vector<Lane>& lanes);

  // Until all have ended.
  Result<void> run();

  // Called by a lane: the others go on until these are over.
  Result<Reports> run(const std::vector<LateJob>& jobs);

 private:
  struct State {
    boost::context::fiber coroutine;
    const Batch* batch = nullptr;  // what it waits for
    std::optional<Error> error;

    bool is_over() const { return !coroutine; }
  };

  void enter(State& lane);
  // Lets those go on whose cells have ended; whether all have ended, or more is to be waited for.
  bool go_on();
  bool are_over() const;
  Result<void> wait();

  LaunchContext& context_;
  Batches batches_;
  std::vector<State> lanes_;
  State* entered_ = nullptr;
  boost::context::fiber outside_;
  bool has_more_ = false;
  // Why nothing can be run any more.
  std::optional<Error> broken_;
};

}  // namespace sandproof::launch
