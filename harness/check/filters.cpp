#include "check/filters.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace sandproof {

namespace {

constexpr auto of_namespaces = "RestrictNamespaces";
constexpr std::array names_of_filters = {
    "LockPersonality",  "MemoryDenyWriteExecute", "RestrictAddressFamilies", of_namespaces,
    "RestrictRealtime", "RestrictSUIDSGID",       "SystemCallArchitectures", "SystemCallFilter"};

constexpr auto comes_along = "NoNewPrivileges";

Names common(const Names& some, const Names& others) {
  Names result;
  std::set_intersection(some.begin(), some.end(), others.begin(), others.end(),
                        std::inserter(result, result.end()));
  return result;
}

bool has_all(const Names& names, const Names& of) {
  return std::includes(names.begin(), names.end(), of.begin(), of.end());
}

}  // namespace

Names all_filters_of(const Names& names) {
  return common(names, {names_of_filters.begin(), names_of_filters.end()});
}

Filters::Filters(const Names& in_force) {
  if (!in_force.contains(comes_along)) return;
  names_ = all_filters_of(in_force);
  names_.erase(of_namespaces);
}

bool Filters::change_the_way(const Names& names) { return names.contains(of_namespaces); }

bool Filters::stop(const Names& stoppers) const {
  return !stoppers.contains(comes_along) && !common(names_, stoppers).empty();
}

bool Filters::are_all_of(const Names& names) const { return has_all(names_, names); }

std::optional<Names> Filters::taken_away_for(const Names& without, const Names& stoppers) const {
  if (names_.empty() || without.contains(comes_along)) return without;
  if (stoppers.contains(comes_along)) return std::nullopt;
  const Names that_stop = common(names_, stoppers);
  if (!has_all(without, that_stop)) return std::nullopt;
  if (that_stop.empty() && has_all(names_, without)) return std::nullopt;
  Names all = without;
  all.insert(names_.begin(), names_.end());
  return all;
}

}  // namespace sandproof
