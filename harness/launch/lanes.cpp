#include "launch/lanes.h"

#include <algorithm>
#include <boost/context/protected_fixedsize_stack.hpp>
#include <utility>

namespace sandproof::launch {

namespace {

// Much more than a lane needs; only what is touched takes memory.
constexpr std::size_t stack_size = std::size_t{1} << 20;

}  // namespace

Lanes::Lanes(LaunchContext& context, const std::vector<Lane>& lanes)
    : context_(context), batches_(context), lanes_(lanes.size()) {
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    lanes_[i].coroutine = boost::context::fiber(
        std::allocator_arg, boost::context::protected_fixedsize_stack(stack_size),
        [this, &lane = lanes[i], &state = lanes_[i]](boost::context::fiber outside) {
          outside_ = std::move(outside);
          if (auto done = lane(); !done) state.error = done.error();
          return std::move(outside_);
        });
  }
}

void Lanes::enter(State& lane) {
  entered_ = &lane;
  lane.coroutine = std::move(lane.coroutine).resume();
  entered_ = nullptr;
}

Result<Reports> Lanes::run(const std::vector<LateJob>& jobs) {
  if (broken_) return *broken_;
  auto& lane = *entered_;
  lane.batch = &batches_.add(jobs);
  has_more_ = true;
  outside_ = std::move(outside_).resume();
  const auto* batch = std::exchange(lane.batch, nullptr);
  if (!broken_) return batches_.take(*batch);
  batches_.drop(*batch);
  return *broken_;
}

bool Lanes::are_over() const {
  return std::all_of(lanes_.begin(), lanes_.end(),
                     [](const State& lane) { return lane.is_over(); });
}

bool Lanes::go_on() {
  if (!context_.manager.bus().is_open()) return true;
  batches_.start_what_can();
  for (auto& lane : lanes_) {
    if (lane.batch != nullptr && lane.batch->is_over()) enter(lane);
  }
  return has_more_ || are_over();
}

// Anew whenever there is more to wait for, which takes more time.
Result<void> Lanes::wait() {
  while (!are_over()) {
    has_more_ = false;
    const auto ended =
        context_.manager.loop().run_until([this] { return go_on(); }, batches_.limit());
    if (!ended) return ended.error();
    if (!*ended) return cannot_run("the cells did not end in time");
    if (!context_.manager.bus().is_open())
      return cannot_run("systemd ended in the middle of the run");
  }
  return {};
}

Result<void> Lanes::run() {
  for (auto& lane : lanes_) enter(lane);
  if (auto waited = wait(); !waited) {
    broken_ = waited.error();
    for (auto& lane : lanes_) {
      if (!lane.is_over()) enter(lane);
    }
    return *broken_;
  }
  for (const auto& lane : lanes_) {
    if (lane.error) return *lane.error;
  }
  return {};
}

}  // namespace sandproof::launch
