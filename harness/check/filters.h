// What system call filters have of their own: each is asked about a call whatever the others say,
// and the strictest answer counts (seccomp(2)). So what one of them denies stays denied as long as
// that one is in force, and what each of them lets pass by itself, all of them together do. Pure.
#pragma once

#include <optional>

#include "check/loads.h"

namespace sandproof {

// Those of the names that are filters and nothing else.
Names all_filters_of(const Names& names);

class Filters {
 public:
  // All but RestrictNamespaces=, since a probe that it keeps from a namespace of its own goes
  // another way. Without NoNewPrivileges= in force there are none: a filter may bring it along.
  explicit Filters(const Names& in_force);

  const Names& names() const { return names_; }
  bool are_all_of(const Names& names) const;
  // Whether without these a probe may make its attempt by other calls.
  static bool change_the_way(const Names& names);
  // Whether one of them is among those that stop something.
  bool stop(const Names& stoppers) const;

  // Of an attempt that these `stoppers` stop, each by itself, or none of the names, and that every
  // filter lets be made: what can be taken away in the place of `without`, for it to end the same.
  // That is as much without any filter, a cell that shows it of many attempts and is quickly set
  // up. Nothing where it ends as in the unit as it is: a filter that stops it is left, or
  // NoNewPrivileges=, which no process gets rid of (prctl(2)).
  std::optional<Names> taken_away_for(const Names& without, const Names& stoppers) const;

 private:
  Names names_;
};

}  // namespace sandproof
