// What is seen of the processes of a unit, on a throwaway systemd.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <thread>
#include <vector>

#include "explain/trial.h"

namespace sandproof::explain {
namespace {

// Keeps every processor of the machine busy for as long as it lives.
class BusyMachine {
 public:
  BusyMachine() {
    for (unsigned i = 0; i < 3 * std::thread::hardware_concurrency(); ++i) {
      threads_.emplace_back([this] {
        while (!is_over_) continue;
      });
    }
  }
  ~BusyMachine() {
    is_over_ = true;
    for (auto& thread : threads_) thread.join();
  }
  BusyMachine(const BusyMachine&) = delete;
  BusyMachine& operator=(const BusyMachine&) = delete;

 private:
  std::atomic<bool> is_over_ = false;
  std::vector<std::thread> threads_;
};

// On a busy machine the children call before their parents are seen to have forked.
TEST(Tracer, CallsOfAProgramsChildrenAreTheProgramsOwn) {
  auto manager = boot_throwaway({});
  ASSERT_TRUE(manager) << manager.error().message;
  TrialPlan plan;
  plan.unit = "app.service";
  plan.fragment =
      "[Service]\nType=oneshot\nProtectSystem=full\nExecStart=/bin/sh -c \""
      "for i in $$(seq 300); do (: >/etc/sandproof-$$i) & done 2>/dev/null; wait; exit 3\"\n";
  plan.seconds = 60;
  plan.trace = TraceOptions{plan.unit, {}, {}};
  const BusyMachine busy;
  const auto trial = run_trial(**manager, plan);
  ASSERT_TRUE(trial) << trial.error().message;
  EXPECT_EQ(trial->status, 3);
  const auto is_refused = [](const RefusedCall& call) {
    return call.error == EROFS && call.object.starts_with("/etc/sandproof-") && call.of_program;
  };
  const auto& calls = trial->trace.refused;
  EXPECT_EQ(std::count_if(calls.begin(), calls.end(), is_refused), 300);
}

}  // namespace
}  // namespace sandproof::explain
