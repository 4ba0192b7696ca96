// What the directives of a unit carry of the attempts of one cell: each of those that stop an
// attempt is found first, and then taken away.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "check/loads.h"
#include "check/stoppers.h"
#include "check/trials.h"

namespace sandproof {

// The directives of a unit that can be taken away.
struct Ablatable {
  Names names;
  // Those of them whose directories a cell makes, which is another cell's business.
  Names of_directories;
  // Those that permit something: what another would stop, perhaps.
  Names loosening;
};

class CellAblation {
 public:
  // The attempts held, and have nothing to do with those of another cell. All outlive this.
  CellAblation(Trials& trials, const CheckResult& result, const Ablatable& ablatable, Cell cell,
               Indices attempts);

  Result<void> run();

  Cell cell() const { return cell_; }
  // Filled by run().
  const Ablations& found() const { return found_; }
  // What no directive that was taken away is seen to stop: directories may bear it.
  Indices left_to_directories() const;

 private:
  Indices denied() const;
  StopperSearch search_with(const Names& kept, Indices attempts) const;
  std::vector<Names> slices_for(const std::vector<std::string>& candidates,
                                const Indices& attempts) const;
  std::vector<std::string> in_order_of_promises(std::vector<std::string> names,
                                                const Indices& attempts) const;
  Result<void> find_all_stoppers();
  Stoppers known_stoppers() const;
  Result<std::vector<Effects>> run_merged(const std::vector<Trial>& trials);

  std::vector<std::string> seemingly_dispensable(const std::vector<Names>& stoppers) const;
  Indices borne_perhaps(const std::string& name) const;
  Trial without_restrictions() const;
  std::vector<Trial> singles_and_groups() const;
  std::vector<Trial> without_all_stoppers() const;
  Result<void> take_away();
  Result<void> take_away_one_by_one(const std::vector<Trial>& trials);

  bool is_unexplained(std::size_t index) const;
  std::vector<Trial> singles_of_the_unexplained(bool are_stoppers) const;
  Result<void> explain_side_doors();
  Result<void> explain_the_rest();

  bool is_flipped(std::size_t index, Effect effect) const;
  bool is_any_flipped(const Effects& effects) const;
  void take_bearing(const Trial& trial, const Effects& effects);
  void take_shared(const Trial& trial, const Effects& effects);

  Trials& trials_;
  const CheckResult& result_;
  const Ablatable& ablatable_;
  Cell cell_;
  Indices attempts_;
  // What can be taken away in this cell.
  Names names_;
  // Attempts that go through without any directive → the directives that stop them by themselves.
  Stoppers stoppers_;
  // Those of which they do not tell what the filters do: one directive or another keeps them from
  // being made at all, or they end otherwise without the filters, none of which stops them.
  std::set<std::size_t> unclear_;
  // Attempts that end otherwise where nothing is taken away.
  std::set<std::size_t> unstable_;
  Ablations found_;
};

}  // namespace sandproof
