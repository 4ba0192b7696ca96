// Trials in as few cells as show the same of every attempt, of which many are without system call
// filters. Pure.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "check/filters.h"
#include "check/stoppers.h"
#include "check/trials.h"

namespace sandproof {

class MergedTrials {
 public:
  // `known` are the attempts of which it is known what stops them by itself; of the others that no
  // filter does, but where they are `unclear`: each trial shows those itself.
  MergedTrials(const std::vector<Trial>& trials, const Names& in_force, Stoppers known,
               const std::set<std::size_t>& unclear);

  // What has to be run in the place of the trials.
  const std::vector<Trial>& cells() const { return cells_; }
  // The effects of each trial, of those of the cells.
  std::vector<Effects> effects_of(const std::vector<Effects>& of_cells) const;
  // Attempts that do not end the same without the filters, though none of those stops them: nothing
  // is shown of them by cells without.
  std::set<std::size_t> contradicted_by(const std::vector<Effects>& of_cells) const;

 private:
  void add(const Trial& trial);
  bool is_shown_by_itself(const Trial& trial, std::size_t index) const;
  std::size_t cell_with(std::size_t index, Cell cell, const Names& without);

  Filters filters_;
  Stoppers known_;
  std::set<std::size_t> unclear_;
  std::vector<Trial> cells_;
  std::map<std::pair<Cell, Names>, std::size_t> numbers_;
  // For each trial, its attempts → the cell that shows them; none where nothing changes.
  std::vector<std::map<std::size_t, std::optional<std::size_t>>> shown_by_;
  // Attempts that no filter stops → the cell with nothing but the filters away.
  std::map<std::size_t, std::size_t> unfiltered_;
};

}  // namespace sandproof
