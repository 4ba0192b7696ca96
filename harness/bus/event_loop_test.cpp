#include "bus/event_loop.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace sandproof::bus {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

TEST(EventLoop, ALimitIsOfItsOwnTimeWhateverWentBefore) {
  const auto loop = EventLoop::create();
  ASSERT_TRUE(loop);
  // The loop has woken up, and is left alone for longer than the limit to come.
  ASSERT_TRUE((*loop)->run_until([] { return false; }, milliseconds(1)));
  std::this_thread::sleep_for(milliseconds(600));
  const auto begin = Clock::now();
  const auto ended = (*loop)->run_until([] { return false; }, milliseconds(500));
  ASSERT_TRUE(ended);
  EXPECT_FALSE(*ended);
  EXPECT_GE(Clock::now() - begin, milliseconds(500));
}

TEST(EventLoop, WhatIsThereAlreadyIsTakenBeforeItWaitsForAsLongAsSomebodyCares) {
  const auto loop = EventLoop::create();
  ASSERT_TRUE(loop);
  int taken = 0;
  auto taking = (*loop)->before_waiting([&taken] { ++taken; });
  // Nothing wakes the loop: only what is taken before the wait can end it.
  auto ended = (*loop)->run_until([&taken] { return taken > 0; }, milliseconds(10000));
  ASSERT_TRUE(ended);
  EXPECT_TRUE(*ended);
  taking.reset();
  taken = 0;
  ended = (*loop)->run_until([&taken] { return taken > 0; }, milliseconds(1));
  ASSERT_TRUE(ended);
  EXPECT_FALSE(*ended);
  EXPECT_EQ(taken, 0);
}

}  // namespace
}  // namespace sandproof::bus
