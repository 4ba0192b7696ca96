#include "regression/compare.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <utility>

#include "base/text.h"
#include "judge/judge.h"

namespace sandproof::regression {

namespace {

// The higher the worse. What shows nothing shows it in one way or another.
int badness(Status status) {
  switch (status) {
    case Status::leaked:
      return 5;
    case Status::bypassed:
      return 4;
    case Status::overblocked:
      return 3;
    case Status::ignored:
      return 2;
    case Status::unproven:
    case Status::untestable:
    case Status::no_probe:
    case Status::off:
      return 1;
    case Status::held:
      break;
  }
  return 0;
}

// A side door counts only where it is open.
int badness(const AttemptResult& attempt) {
  const int result = badness(status_of(attempt.judgement.verdict));
  return attempt.side_door.empty() || attempt.judgement.verdict == Verdict::bypassed ? result : 0;
}

bool is_number(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](unsigned char c) { return std::isdigit(c) != 0; });
}

std::string without_random_names(const std::string& text) {
  constexpr std::size_t random_digits = 16;
  const auto is_digit = [](unsigned char c) { return std::isxdigit(c) != 0; };
  std::string result;
  for (auto at = text.begin(); at != text.end();) {
    const auto end = std::find_if_not(at, text.end(), is_digit);
    if (static_cast<std::size_t>(end - at) >= random_digits) {
      result += '#';
      at = end;
    } else {
      result += *at++;
    }
  }
  return result;
}

// With what a run makes anew (process ids, ports, random names) as "#": sixteen hexadecimal digits,
// and an argument or a folder of a path (/proc/24/root) that is a number.
std::string without_run(const Attempt& attempt) {
  std::string result = attempt.probe;
  for (const auto& argument : attempt.args) {
    char before = ' ';
    for (const auto& part : split(argument, '/')) {
      result += std::exchange(before, '/');
      result += is_number(part) ? "#" : without_random_names(part);
    }
  }
  return result;
}

const DirectiveResult* worst_of(const CheckResult& result, const std::string& name) {
  const DirectiveResult* worst = nullptr;
  for (const auto& directive : result.directives) {
    if (directive.directive.name != name) continue;
    if (worst == nullptr || badness(directive.status) > badness(worst->status)) worst = &directive;
  }
  return worst;
}

std::vector<std::string> names_of(const CheckResult& result) {
  std::vector<std::string> names;
  std::set<std::string> seen;
  for (const auto& directive : result.directives) {
    if (seen.insert(directive.directive.name).second) names.push_back(directive.directive.name);
  }
  return names;
}

using Attempts = std::vector<const AttemptResult*>;

Attempts attempts_of(const CheckResult& result, const std::string& directive) {
  Attempts attempts;
  for (const auto& attempt : result.attempts) {
    if (is_of(attempt, directive)) attempts.push_back(&attempt);
  }
  return attempts;
}

struct Pair {
  const AttemptResult* before = nullptr;
  const AttemptResult* after = nullptr;
};

bool is_same_promise(const AttemptResult& a, const AttemptResult& b) {
  return a.must == b.must && a.side_door == b.side_door;
}

// Those with the same words first; then, of what is left, those that differ only in what a run
// makes anew, in their order.
std::vector<Pair> paired(const Attempts& before, Attempts after) {
  std::vector<Pair> pairs;
  for (const auto* attempt : before) pairs.push_back({attempt, nullptr});
  const auto match = [&](const auto& is_same) {
    for (auto& pair : pairs) {
      if (pair.after != nullptr) continue;
      const auto found = std::find_if(after.begin(), after.end(), [&](const auto* candidate) {
        return is_same_promise(*pair.before, *candidate) && is_same(*pair.before, *candidate);
      });
      if (found == after.end()) continue;
      pair.after = *found;
      after.erase(found);
    }
  };
  match([](const auto& a, const auto& b) { return a.attempt == b.attempt; });
  match([](const auto& a, const auto& b) {
    return without_run(a.attempt) == without_run(b.attempt);
  });
  for (const auto* attempt : after) pairs.push_back({nullptr, attempt});
  return pairs;
}

class UnitComparison {
 public:
  UnitComparison(const CheckResult& before, const CheckResult& after, std::vector<Change>& changes)
      : before_(before), after_(after), changes_(changes) {}

  void write() {
    for (const auto& name : names_of(before_)) {
      const auto& was = *worst_of(before_, name);
      if (const auto* is = worst_of(after_, name)) {
        both(was, *is);
      } else {
        gone(was);
      }
    }
    for (const auto& name : names_of(after_)) {
      if (worst_of(before_, name) == nullptr) added(*worst_of(after_, name));
    }
  }

 private:
  Change change(Change::Kind kind, const DirectiveResult& at) const {
    Change result;
    result.kind = kind;
    result.unit = after_.unit;
    result.directive = at.directive.name;
    result.file = at.directive.file;
    result.line = at.directive.line;
    result.reason = at.reason;
    return result;
  }

  void gone(const DirectiveResult& was) {
    auto result = change(Change::Kind::gone, was);
    result.before = to_string(was.status);
    result.reason.clear();
    // Without these the unit has lost nothing.
    result.is_finding = was.status != Status::ignored && was.status != Status::off;
    changes_.push_back(std::move(result));
  }

  void added(const DirectiveResult& is) {
    auto result = change(Change::Kind::added, is);
    result.after = to_string(is.status);
    result.is_finding = is_finding(is.status);
    changes_.push_back(std::move(result));
  }

  void both(const DirectiveResult& was, const DirectiveResult& is) {
    const int step = badness(is.status) - badness(was.status);
    if (step != 0) {
      auto result = change(step > 0 ? Change::Kind::worse : Change::Kind::better, is);
      result.before = to_string(was.status);
      result.after = to_string(is.status);
      result.is_finding = step > 0;
      changes_.push_back(std::move(result));
    }
    // Then nothing is tried of it, and its status says so.
    if (is.status == Status::off || is.status == Status::ignored || is.status == Status::no_probe) {
      return;
    }
    const auto& name = is.directive.name;
    for (const auto& pair : paired(attempts_of(before_, name), attempts_of(after_, name))) {
      attempt(pair, was, is);
    }
  }

  void attempt(const Pair& pair, const DirectiveResult& was, const DirectiveResult& is) {
    const bool had_held = pair.before != nullptr && badness(*pair.before) == 0;
    if (pair.after == nullptr) {
      const bool is_promise = pair.before->side_door.empty();
      auto result = attempt_change(Change::Kind::gone, pair, is);
      result.is_finding = had_held && is_promise && was.directive.value == is.directive.value;
      changes_.push_back(std::move(result));
      return;
    }
    if (pair.before == nullptr) {
      // What a new attempt shows is told by the directive's own status.
      if (badness(*pair.after) >= badness(Status::ignored)) {
        changes_.push_back(attempt_change(Change::Kind::added, pair, is));
      }
      return;
    }
    const int step = badness(*pair.after) - badness(*pair.before);
    if (step == 0) return;
    auto result = attempt_change(step > 0 ? Change::Kind::worse : Change::Kind::better, pair, is);
    result.is_finding = step > 0;
    changes_.push_back(std::move(result));
  }

  Change attempt_change(Change::Kind kind, const Pair& pair, const DirectiveResult& at) const {
    auto result = change(kind, at);
    const auto& attempt = pair.after != nullptr ? *pair.after : *pair.before;
    result.attempt = to_string(attempt.attempt);
    result.reason = pair.after != nullptr ? reason_of(attempt) : "";
    if (pair.before != nullptr) result.before = to_string(pair.before->judgement.verdict);
    if (pair.after != nullptr) result.after = to_string(pair.after->judgement.verdict);
    return result;
  }

  const CheckResult& before_;
  const CheckResult& after_;
  std::vector<Change>& changes_;
};

// Units of one name are told apart by their order.
std::map<std::pair<std::string, int>, const CheckResult*> by_name(
    std::span<const CheckResult> results) {
  std::map<std::pair<std::string, int>, const CheckResult*> map;
  std::map<std::string, int> seen;
  for (const auto& result : results) map[{result.unit, seen[result.unit]++}] = &result;
  return map;
}

void note_difference(std::vector<std::string>& notes, const std::string& what,
                     const std::string& before, const std::string& after) {
  if (before == after) return;
  const auto note = what + " was " + before + ", is " + after;
  if (std::find(notes.begin(), notes.end(), note) == notes.end()) notes.push_back(note);
}

}  // namespace

std::string to_string(Change::Kind kind) {
  switch (kind) {
    case Change::Kind::worse:
      return "worse";
    case Change::Kind::better:
      return "better";
    case Change::Kind::gone:
      return "gone";
    case Change::Kind::added:
      return "added";
  }
  return {};
}

bool Comparison::has_finding() const {
  return std::any_of(changes.begin(), changes.end(),
                     [](const Change& change) { return change.is_finding; });
}

Comparison compare(std::span<const CheckResult> before, std::span<const CheckResult> after) {
  Comparison result;
  const auto old_units = by_name(before);
  const auto new_units = by_name(after);
  for (const auto& [key, unit] : old_units) {
    if (!new_units.contains(key)) result.units_gone.push_back(unit->unit);
  }
  // In the order of the result that is asked about.
  std::map<std::string, int> seen;
  for (const auto& unit : after) {
    const auto old = old_units.find({unit.unit, seen[unit.unit]++});
    if (old == old_units.end()) {
      result.units_added.push_back(unit.unit);
      continue;
    }
    const auto& was = old->second->manager;
    const auto& is = unit.manager;
    note_difference(result.notes, "systemd", std::to_string(was.systemd),
                    std::to_string(is.systemd));
    note_difference(result.notes, "the kernel", was.kernel, is.kernel);
    note_difference(result.notes, "the manager", was.kind, is.kind);
    if (was.user.empty() != is.user.empty()) {
      result.notes.push_back(is.user.empty() ? "the unit was checked in a user manager"
                                             : "the unit is checked in a user manager");
    }
    UnitComparison(*old->second, unit, result.changes).write();
  }
  std::stable_sort(result.changes.begin(), result.changes.end(),
                   [](const Change& a, const Change& b) {
                     if (a.is_finding != b.is_finding) return a.is_finding;
                     return a.kind < b.kind;
                   });
  return result;
}

}  // namespace sandproof::regression
