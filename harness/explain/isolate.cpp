#include "explain/isolate.h"

#include <algorithm>
#include <cmath>
#include <deque>

namespace sandproof::explain {

namespace {

// Further minimal sets are told of for what they add, not to be complete.
constexpr std::size_t most_sets = 4;

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

std::vector<Names> in_groups(const Names& names, std::size_t count) {
  return in_groups(std::vector<std::string>(names.begin(), names.end()), count);
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

// From one minimal set to others: without one of its members, can the rest still do it?
Result<void> find_others(const Names& start, std::vector<Names>& found,
                         const Experiment& experiment) {
  std::deque<Names> forbidden;
  for (const auto& name : found.front()) forbidden.push_back({name});
  while (!forbidden.empty() && found.size() < most_sets) {
    const Names banned = forbidden.front();
    forbidden.pop_front();
    const Names rest = difference(start, banned);
    const auto works = experiment({rest});
    if (!works) return works.error();
    if (!works->front()) continue;
    auto other = minimise(rest, experiment);
    if (!other) return other.error();
    if (std::find(found.begin(), found.end(), *other) == found.end()) found.push_back(*other);
  }
  return {};
}

}  // namespace

Result<Names> minimise(const Names& start, const Experiment& experiment) {
  Names current = start;
  std::size_t parts = 4;
  while (current.size() > 1) {
    const auto groups = in_groups(current, parts);
    std::vector<Names> sets = groups;
    for (const auto& group : groups) sets.push_back(difference(current, group));
    const auto works = experiment(sets);
    if (!works) return works.error();
    // The smallest that works; a group alone comes before what is left without one.
    const auto first = std::find(works->begin(), works->end(), true);
    if (first != works->end()) {
      const bool is_group = first - works->begin() < static_cast<std::ptrdiff_t>(groups.size());
      current = sets[static_cast<std::size_t>(first - works->begin())];
      parts = is_group ? 4 : std::max<std::size_t>(groups.size() - 1, 2);
      continue;
    }
    if (groups.size() == current.size()) break;
    parts = std::min(current.size(), parts * 2);
  }
  return current;
}

Result<std::vector<Names>> isolate(const std::vector<std::string>& suspects,
                                   const std::vector<std::string>& grants,
                                   const Experiment& experiment) {
  const Names all_suspects(suspects.begin(), suspects.end());
  Names everything = all_suspects;
  everything.insert(grants.begin(), grants.end());

  // One round finds the group that a single culprit is in, and whether anything helps at all.
  const auto root = static_cast<std::size_t>(std::sqrt(static_cast<double>(suspects.size())));
  const auto groups = in_groups(suspects, std::max<std::size_t>(root, 1));
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

  const Names& start = suspects_help ? all_suspects : everything;
  auto set = minimise(start, experiment);
  if (!set) return set.error();
  found.push_back(*std::move(set));
  if (auto others = find_others(start, found, experiment); !others) return others.error();
  std::stable_sort(found.begin(), found.end(),
                   [](const Names& one, const Names& other) { return one.size() < other.size(); });
  return found;
}

}  // namespace sandproof::explain
