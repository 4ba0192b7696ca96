#include "regression/baseline.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "regression/compare.h"

namespace sandproof::regression {

namespace {

std::string words_of(const Change& change) {
  std::string words = change.attempt.empty() ? "" : change.attempt + " ";
  switch (change.kind) {
    case Change::Kind::gone:
      return words + "was " + change.before + " in the baseline, and is not tried any more";
    case Change::Kind::added:
      return words + "is not in the baseline";
    case Change::Kind::worse:
    case Change::Kind::better:
      break;
  }
  words += "was " + change.before + " in the baseline";
  return change.attempt.empty() ? words : words + ", is " + change.after;
}

bool counts(const Change& change, const std::optional<std::set<Status>>& statuses) {
  if (!change.is_finding || !statuses || change.after.empty()) return change.is_finding;
  return std::any_of(statuses->begin(), statuses->end(),
                     [&](Status status) { return to_string(status) == change.after; });
}

class Unit {
 public:
  Unit(CheckResult& result, const CheckResult& baseline,
       const std::optional<std::set<Status>>& statuses)
      : result_(result), baseline_(baseline), statuses_(statuses) {}

  void hold() {
    const auto comparison = compare(std::span(&baseline_, 1), std::span(&result_, 1));
    for (const auto& note : comparison.notes) {
      result_.notes.push_back("against the baseline: " + note);
    }
    for (auto& directive : result_.directives) excuse(directive);
    for (const auto& change : comparison.changes) take(change);
  }

 private:
  // What is no change is in the baseline already.
  static void excuse(DirectiveResult& directive) {
    if (!directive.is_finding()) return;
    directive.standing = {Standing::Kind::excused,
                          "was " + to_string(directive.status) + " in the baseline"};
  }

  void take(const Change& change) {
    const bool is_of_directive = change.attempt.empty();
    if (counts(change, statuses_)) {
      if (change.kind == Change::Kind::gone && is_of_directive) {
        result_.further.push_back({change.directive + " is gone",
                                   "was " + change.before + " in the baseline", change.file, 0,
                                   change.directive});
      } else {
        accuse(change);
      }
      return;
    }
    if (change.kind == Change::Kind::better && is_of_directive) {
      result_.notes.push_back("better than the baseline: " + change.directive + " was " +
                              change.before + ", is " + change.after);
    } else if (change.kind == Change::Kind::gone) {
      result_.notes.push_back(change.directive + (is_of_directive ? "" : ": " + change.attempt) +
                              " is gone; it was " + change.before + " in the baseline");
    } else if (change.is_finding) {
      explain(change);
    }
  }

  void accuse(const Change& change) {
    for (auto& directive : result_.directives) {
      if (directive.directive.name != change.directive) continue;
      auto& standing = directive.standing;
      // The first that is told is the directive's own.
      const bool is_first = standing.kind != Standing::Kind::finding;
      if (is_first) standing = {Standing::Kind::finding, words_of(change)};
      if (!is_first && !change.attempt.empty()) standing.because += "; " + words_of(change);
    }
  }

  void explain(const Change& change) {
    for (auto& directive : result_.directives) {
      if (directive.directive.name == change.directive &&
          directive.standing.kind == Standing::Kind::excused) {
        directive.standing.because = words_of(change) + ", and left out of --fail-on";
      }
    }
  }

  CheckResult& result_;
  const CheckResult& baseline_;
  const std::optional<std::set<Status>>& statuses_;
};

// The unit of that name; of several, the one at the same place among them.
template <typename Results>
auto* same_unit(Results& among, std::span<const CheckResult> results, std::size_t index) {
  const auto& name = results[index].unit;
  auto earlier =
      std::count_if(results.begin(), results.begin() + static_cast<std::ptrdiff_t>(index),
                    [&](const CheckResult& one) { return one.unit == name; });
  for (auto& candidate : among) {
    if (candidate.unit == name && earlier-- == 0) return &candidate;
  }
  return static_cast<decltype(&among[0])>(nullptr);
}

}  // namespace

void hold_against(std::vector<CheckResult>& results, std::span<const CheckResult> baseline,
                  const std::optional<std::set<Status>>& statuses) {
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (const auto* was = same_unit(baseline, results, i)) {
      Unit(results[i], *was, statuses).hold();
    } else {
      results[i].notes.push_back("the baseline does not know this unit");
    }
  }
}

std::vector<CheckResult> updated(std::vector<CheckResult> baseline,
                                 std::span<const CheckResult> results) {
  std::vector<const CheckResult*> unknown;
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (auto* was = same_unit(baseline, results, i)) {
      *was = results[i];
    } else {
      unknown.push_back(&results[i]);
    }
  }
  for (const auto* result : unknown) baseline.push_back(*result);
  return baseline;
}

}  // namespace sandproof::regression
