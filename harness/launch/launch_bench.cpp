// What a run costs: a cell by its attempts, and cells by their number. As root.
#include <benchmark/benchmark.h>

#include <memory>
#include <optional>

#include "launch/launcher.h"
#include "launch/stage.h"

namespace sandproof::launch {
namespace {

// One throwaway for all, booted when the first benchmark asks for it.
class Ground {
 public:
  static Ground* get() {
    static const std::unique_ptr<Ground> ground = make();
    return ground.get();
  }

  Launcher& launcher() { return *launcher_; }

 private:
  static std::unique_ptr<Ground> make() {
    auto manager = boot_throwaway({});
    if (!manager) return nullptr;
    auto ground = std::make_unique<Ground>();
    ground->manager_ = *std::move(manager);
    auto stage = Stage::make(*ground->manager_, Settings(),
                             std::filesystem::path(SANDPROOF_BINARY_DIR) / "probes");
    if (!stage) return nullptr;
    ground->stage_.emplace(*std::move(stage));
    ground->launcher_.emplace(*ground->manager_, ground->stage_->folder());
    return ground;
  }

  std::unique_ptr<Manager> manager_;
  std::optional<Stage> stage_;
  std::optional<Launcher> launcher_;
};

std::vector<Attempt> attempts(std::int64_t count) {
  std::vector<Attempt> result;
  for (std::int64_t i = 0; i < count; ++i) {
    result.push_back({"bind-port", {std::to_string(2000 + i)}});
  }
  return result;
}

const std::vector<bus::Property> sandbox = {{"ProtectSystem", Value::text("strict")},
                                            {"ProtectHome", Value::text("yes")},
                                            {"PrivateTmp", Value::boolean(true)},
                                            {"PrivateDevices", Value::boolean(true)},
                                            {"ProtectKernelTunables", Value::boolean(true)},
                                            {"NoNewPrivileges", Value::boolean(true)}};

void run_jobs(benchmark::State& state, const std::vector<CellJob>& jobs) {
  Ground* const ground = Ground::get();
  if (ground == nullptr) {
    state.SkipWithError("no throwaway systemd can be booted here");
    return;
  }
  for (auto unused : state) {
    static_cast<void>(unused);
    const auto reports = ground->launcher().run(jobs);
    if (!reports) state.SkipWithError(reports.error().message.c_str());
  }
}

void one_cell_by_attempts(benchmark::State& state) {
  run_jobs(state, {{"cell", sandbox, attempts(state.range(0)), {}, false}});
}
BENCHMARK(one_cell_by_attempts)
    ->Arg(1)
    ->Arg(25)
    ->Arg(50)
    ->Arg(100)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

void cells_of_ten_attempts(benchmark::State& state) {
  const CellJob job{"cell", sandbox, attempts(10), {}, false};
  run_jobs(state, std::vector<CellJob>(static_cast<std::size_t>(state.range(0)), job));
}
BENCHMARK(cells_of_ten_attempts)
    ->Arg(1)
    ->Arg(4)
    ->Arg(16)
    ->Arg(32)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace sandproof::launch
