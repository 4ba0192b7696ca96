#include "check/ablate.h"

#include <array>
#include <iterator>
#include <list>
#include <utility>

#include "check/cell_ablation.h"
#include "check/directory_ablation.h"
#include "launch/clone.h"

namespace sandproof {

namespace {

// Whose purpose is to permit, even where no attempt shows it.
constexpr std::array permitting = {"AmbientCapabilities", "BindPaths",      "BindReadOnlyPaths",
                                   "DeviceAllow",         "ExecPaths",      "IPAddressAllow",
                                   "ReadWritePaths",      "SocketBindAllow"};

Ablatable ablatable_of(const CheckResult& result) {
  Ablatable ablatable{{}, {}, {permitting.begin(), permitting.end()}};
  for (const auto& each : result.directives) {
    if (each.directive.is_ignored() || each.directive.implied_by || each.status == Status::off) {
      continue;
    }
    const auto& name = each.directive.name;
    ablatable.names.insert(name);
    if (launch::is_of_directories(name)) ablatable.of_directories.insert(name);
  }
  for (const auto& attempt : result.attempts) {
    if (attempt.must != Must::allowed) continue;
    ablatable.loosening.insert(attempt.directives.begin(), attempt.directives.end());
  }
  return ablatable;
}

// By the cell that proved them.
std::map<Cell, Indices> held_attempts(const Scene& scene, const CheckResult& result) {
  std::map<Cell, Indices> of_cells;
  for (std::size_t i = 0; i < result.attempts.size(); ++i) {
    const auto& attempt = result.attempts[i];
    const auto& judgement = attempt.judgement;
    if (judgement.verdict != Verdict::held || judgement.proof == Proof::none) continue;
    const bool is_of_root = !scene.runs_as_root() && attempt.is_shown_by_root();
    of_cells[is_of_root ? Cell::sandboxed_root : Cell::sandboxed_user].push_back(i);
  }
  return of_cells;
}

}  // namespace

Result<Ablations> ablate(Scene& scene, const CheckResult& result, const launch::Lane& beside) {
  if (scene.unit().files.empty()) {
    return cannot_run("it has no files that a directive could be taken from");
  }
  Ablations ablations;
  auto ablatable = ablatable_of(result);
  if (!scene.makes_directories()) {
    ablations.untried = std::exchange(ablatable.of_directories, {});
    for (const auto& name : ablations.untried) ablatable.names.erase(name);
  }
  Trials trials(scene, result);
  std::list<CellAblation> cells;
  std::vector<launch::Lane> lanes = {beside};
  Indices left;
  for (auto& [cell, attempts] : held_attempts(scene, result)) {
    auto& of_cell = cells.emplace_back(trials, result, ablatable, cell, std::move(attempts));
    lanes.emplace_back([&of_cell] { return of_cell.run(); });
  }
  if (auto done = scene.side_by_side(lanes); !done) return done.error();

  for (const auto& cell : cells) {
    ablations.bearing.insert(cell.found().bearing.begin(), cell.found().bearing.end());
    ablations.shared.insert(cell.found().shared.begin(), cell.found().shared.end());
    if (cell.cell() == Cell::sandboxed_user) left = cell.left_to_directories();
  }
  auto borne = bearing_directories(scene, trials, result, ablatable.of_directories, left);
  if (!borne) return borne.error();
  for (auto& [index, names] : *borne) ablations.bearing[index].merge(names);
  return ablations;
}

}  // namespace sandproof
