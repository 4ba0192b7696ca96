#include "explain/isolate.h"

#include <algorithm>
#include <cmath>

namespace sandproof::explain {

namespace {

// Further minimal sets are told of for what they add, not to be complete.
constexpr std::size_t most_sets = 4;
// So few are tried one by one: a second round takes longer than what it would spare.
constexpr std::size_t most_at_once = 6;

Names difference(const Names& all, const Names& part) {
  Names rest;
  std::set_difference(all.begin(), all.end(), part.begin(), part.end(),
                      std::inserter(rest, rest.end()));
  return rest;
}

std::vector<Names> in_groups(const std::vector<std::string>& names, std::size_t count) {
  std::vector<Names> groups(std::min(count, names.size()));
  for (std::size_t i = 0; i < names.size(); ++i) groups[i % groups.size()].insert(names[i]);
  return groups;
}

std::vector<Names> singles_of(const Names& names) {
  std::vector<Names> singles;
  for (const auto& name : names) singles.push_back({name});
  return singles;
}

void add_working(const std::vector<Names>& tried, const std::vector<bool>& works,
                 std::vector<Names>& found) {
  for (std::size_t i = 0; i < tried.size(); ++i) {
    if (works[i] && std::find(found.begin(), found.end(), tried[i]) == found.end()) {
      found.push_back(tried[i]);
    }
  }
}

// How many of the list's first have to go beside `needed` so that it works, all of them being known
// to be enough.
Result<std::size_t> shortest_that_works(const Names& needed, const std::vector<std::string>& list,
                                        const Experiment& experiment) {
  std::size_t low = 0;  // the shortest that is left
  std::size_t high = list.size();
  while (low < high) {
    std::vector<std::size_t> lengths;
    std::vector<Names> sets;
    const std::size_t step = (high - low + most_at_once - 1) / most_at_once;
    for (std::size_t length = low; length < high; length += step) {
      lengths.push_back(length);
      sets.push_back(needed);
      sets.back().insert(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(length));
    }
    const auto works = experiment(sets);
    if (!works) return works.error();
    const auto first =
        static_cast<std::size_t>(std::find(works->begin(), works->end(), true) - works->begin());
    if (first < lengths.size()) high = lengths[first];
    if (first > 0) low = lengths[first - 1] + 1;
  }
  return high;
}

// From one minimal set to others: without one of its members, can the rest still do it?
Result<void> find_others(const std::vector<std::string>& start, std::vector<Names>& found,
                         const Experiment& experiment) {
  const Names first = found.front();
  std::vector<Names> sets;
  for (const auto& name : first) sets.push_back(difference({start.begin(), start.end()}, {name}));
  const auto works = experiment(sets);
  if (!works) return works.error();
  std::size_t number = 0;
  for (const auto& name : first) {
    if (!(*works)[number++] || found.size() == most_sets) continue;
    std::vector<std::string> rest = start;
    std::erase(rest, name);
    auto other = minimise(rest, experiment);
    if (!other) return other.error();
    if (std::find(found.begin(), found.end(), *other) == found.end()) found.push_back(*other);
  }
  return {};
}

}  // namespace

Result<Names> minimise(const std::vector<std::string>& start, const Experiment& experiment) {
  Names needed;
  std::vector<std::string> rest = start;
  while (true) {
    const auto length = shortest_that_works(needed, rest, experiment);
    if (!length) return length.error();
    if (*length == 0) break;
    // Without its last one it does not work, so that one is in the set.
    needed.insert(rest[*length - 1]);
    rest.resize(*length - 1);
  }
  // Where what is taken away can also hurt, one of them may have been there for another's sake.
  while (needed.size() > 1) {
    std::vector<Names> smaller;
    for (const auto& name : needed) smaller.push_back(difference(needed, {name}));
    const auto works = experiment(smaller);
    if (!works) return works.error();
    const auto first = std::find(works->begin(), works->end(), true);
    if (first == works->end()) break;
    needed = smaller[static_cast<std::size_t>(first - works->begin())];
  }
  return needed;
}

Result<std::vector<Names>> isolate(const std::vector<std::string>& suspects,
                                   const std::vector<std::string>& grants,
                                   const Experiment& experiment) {
  const Names all_suspects(suspects.begin(), suspects.end());
  Names everything = all_suspects;
  everything.insert(grants.begin(), grants.end());

  // One round finds the group that a single culprit is in, and whether anything helps at all.
  const auto root = static_cast<std::size_t>(std::sqrt(static_cast<double>(suspects.size())));
  const auto groups = in_groups(suspects, suspects.size() <= most_at_once ? suspects.size() : root);
  std::vector<Names> sets = groups;
  for (const auto& grant : grants) sets.push_back({grant});
  const std::size_t tried_alone = sets.size();
  sets.push_back(all_suspects);
  sets.push_back(everything);
  const auto first = experiment(sets);
  if (!first) return first.error();

  std::vector<Names> found;
  std::vector<Names> singles;
  for (std::size_t i = 0; i < tried_alone; ++i) {
    if (!(*first)[i]) continue;
    if (sets[i].size() == 1) {
      found.push_back(sets[i]);
    } else {
      for (auto& single : singles_of(sets[i])) singles.push_back(std::move(single));
    }
  }
  const bool suspects_help = (*first)[tried_alone];
  const bool everything_helps = (*first)[tried_alone + 1];
  // A group without which something else breaks hides its culprit.
  if (found.empty() && singles.empty() && !suspects_help && !everything_helps) {
    singles = singles_of(all_suspects);
  }
  if (!singles.empty()) {
    const auto works = experiment(singles);
    if (!works) return works.error();
    add_working(singles, *works, found);
  }
  if (!found.empty() || (!suspects_help && !everything_helps)) return found;

  // What gives something comes last, to be blamed only where nothing else can be.
  std::vector<std::string> start = suspects;
  if (!suspects_help) start.insert(start.end(), grants.begin(), grants.end());
  auto set = minimise(start, experiment);
  if (!set) return set.error();
  found.push_back(*std::move(set));
  if (auto others = find_others(start, found, experiment); !others) return others.error();
  std::stable_sort(found.begin(), found.end(),
                   [](const Names& one, const Names& other) { return one.size() < other.size(); });
  return found;
}

}  // namespace sandproof::explain
