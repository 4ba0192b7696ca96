#include "check/expectations.h"

#include <algorithm>
#include <set>

#include "guarantee/doors_around.h"
#include "judge/judge.h"

namespace sandproof {

std::vector<Attempt> Plan::attempts() const {
  std::vector<Attempt> result;
  std::set<Attempt> seen;
  const auto add = [&](const Attempt& attempt) {
    if (seen.insert(attempt).second) result.push_back(attempt);
  };
  for (const auto& expectation : expectations) add(expectation.attempt);
  for (const auto& [directive, limit] : limits) add(limit.attempt);
  return result;
}

namespace {

DirectiveResult said_of_itself(const Directive& directive,
                               const std::optional<guarantee::Promise>& promise) {
  DirectiveResult result{directive, Status::no_probe, {}, {}};
  if (directive.is_ignored()) {
    result.status = Status::ignored;
    result.reason = directive.ignored_because;
  } else if (!promise) {
    result.reason = "no guarantee is written for this directive yet";
  } else if (promise->is_off) {
    result.status = Status::off;
    result.reason = "the value restricts nothing";
  } else if (promise->attempts.empty()) {
    result.status = Status::untestable;
    result.reason = promise->untestable_because;
  }
  return result;
}

}  // namespace

Plan plan_of(const Unit& unit, const guarantee::Subject& subject) {
  Plan plan;
  std::set<std::string> planned;
  // Last of all, so that a directive is told to be bypassed by a door of its own, if there is one.
  std::vector<Expectation> around;
  for (const auto& directive : unit.directives) {
    std::optional<guarantee::Promise> promise;
    if (!directive.is_ignored()) promise = guarantee::promise_of(directive.name, subject);
    plan.directives.push_back(said_of_itself(directive, promise));
    if (!promise || !planned.insert(directive.name).second) continue;
    plan.expectations.insert(plan.expectations.end(), promise->attempts.begin(),
                             promise->attempts.end());
    for (const auto& limit : promise->limits) plan.limits.emplace_back(directive.name, limit);
    const auto doors = guarantee::doors_around(directive.name, *promise, subject);
    around.insert(around.end(), doors.begin(), doors.end());
  }
  plan.expectations.insert(plan.expectations.end(), around.begin(), around.end());
  return plan;
}

std::vector<std::string> notes_on_limits(const Plan& plan,
                                         const std::function<Square(const Attempt&)>& square_of) {
  std::vector<std::string> notes;
  for (const auto& [directive, limit] : plan.limits) {
    if (!square_of(limit.attempt).sandboxed_user.is_allowed()) continue;
    notes.push_back(directive + "= " + limit.says + ": " + limit.attempt.probe + " is allowed");
  }
  return notes;
}

namespace {

bool is_same_promise(const Expectation& a, const Expectation& b) {
  return a.attempt == b.attempt && a.must == b.must && a.side_door == b.side_door &&
         a.promised == b.promised && a.of_root == b.of_root && a.control == b.control;
}

}  // namespace

std::vector<AttemptResult> merge(const std::vector<Expectation>& expectations,
                                 const std::function<Square(const Attempt&)>& square_of) {
  std::vector<AttemptResult> results;
  std::vector<const Expectation*> firsts;
  for (const auto& expectation : expectations) {
    const auto same = std::find_if(firsts.begin(), firsts.end(), [&](const Expectation* first) {
      return is_same_promise(*first, expectation);
    });
    if (same != firsts.end()) {
      results[static_cast<std::size_t>(same - firsts.begin())].directives.push_back(
          expectation.directive);
      continue;
    }
    firsts.push_back(&expectation);
    AttemptResult result;
    result.attempt = expectation.attempt;
    result.directives = {expectation.directive};
    result.side_door = expectation.side_door;
    result.must = expectation.must;
    result.control = expectation.control;
    result.square = square_of(expectation.attempt);
    result.judgement = judge(expectation, result.square);
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace sandproof
