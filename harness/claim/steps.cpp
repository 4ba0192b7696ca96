#include "claim/steps.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/names.h"
#include "base/text.h"
#include "claim/words.h"

namespace sandproof::claim {

namespace {

using Verb = Step::Verb;

struct Shape {
  std::string_view name;
  Verb verb;
  std::size_t least;  // words after the verb
  std::size_t most;
  std::string_view usage;
};

constexpr std::size_t any = 1000;

constexpr std::array<Shape, 17> shapes = {{
    {"start", Verb::start, 0, 0, "start"},
    {"fail-to-start", Verb::start_fails, 0, 0, "fail-to-start"},
    {"stop", Verb::stop, 0, 0, "stop"},
    {"restart", Verb::restart, 0, 0, "restart"},
    {"kill", Verb::kill, 1, 1, "kill SIGNAL"},
    {"be", Verb::state, 1, 1, "be active|inactive|failed|auto-restart"},
    {"take", Verb::took, 1, 1, "take MIN..MAX"},
    {"have-path", Verb::exists, 1, 1, "have-path PATH"},
    {"lack-path", Verb::gone, 1, 1, "lack-path PATH"},
    {"have-mode", Verb::mode, 2, 2, "have-mode PATH MODE"},
    {"write", Verb::write, 1, any, "write PATH LINE"},
    {"run", Verb::runs, 1, any, "run WORD…"},
    {"run-as", Verb::user, 1, 1, "run-as USER, or run-as MIN..MAX"},
    {"have", Verb::property, 1, any, "have PROPERTY VALUE"},
    {"attempt", Verb::attempt, 4, any, "attempt USER PROBE ARGUMENT… = OUTCOME"},
    {"elapse", Verb::elapses, 1, 1, "elapse MIN..MAX"},
    {"log", Verb::says, 1, any, "log TEXT"},
}};

Result<void> check_words(const Step& step) {
  const auto& first = step.words.empty() ? step.text : step.words.front();
  switch (step.verb) {
    case Verb::kill:
      if (!signal_number(first)) return bad_input(first + " is no signal");
      break;
    case Verb::state: {
      static const std::vector<std::string> states = {"active", "inactive", "failed",
                                                      "auto-restart"};
      if (std::find(states.begin(), states.end(), first) == states.end()) {
        return bad_input(first + " is none of active, inactive, failed, auto-restart");
      }
      break;
    }
    case Verb::took:
    case Verb::elapses:
      if (!parse_range(first)) return bad_input(first + " is no MIN..MAX, such as 500ms..2s");
      break;
    case Verb::attempt:
      if (std::find(step.words.begin() + 2, step.words.end(), "=") == step.words.end()) {
        return bad_input("an attempt ends with = OUTCOME");
      }
      break;
    case Verb::mode:
      if (!parse_mode(step.words[1])) return bad_input(step.words[1] + " is not an octal mode");
      [[fallthrough]];
    case Verb::exists:
    case Verb::gone:
    case Verb::write:
      if (!first.starts_with('/')) return bad_input(first + " is not an absolute path");
      break;
    default:
      break;
  }
  return {};
}

}  // namespace

Result<Step> parse_step(const std::string& text) {
  Step step;
  step.text = text;
  step.words = words(text);
  const auto take = [&step] {
    std::string word = step.words.front();
    step.words.erase(step.words.begin());
    return word;
  };
  if (step.words.empty()) return bad_input("a step without words");
  if (step.words.front() == "must") {
    step.is_claimed = true;
    take();
    if (step.words.empty()) return bad_input("must what?");
  }
  // "x.service: stop"
  if (step.words.front().ends_with(':') && step.words.size() > 1) {
    step.unit = take();
    step.unit.pop_back();
  }
  const std::string verb = take();
  const auto* shape = std::find_if(shapes.begin(), shapes.end(), [&verb](const Shape& candidate) {
    return candidate.name == verb;
  });
  if (shape == shapes.end()) {
    std::vector<std::string> names;
    for (const auto& candidate : shapes) names.emplace_back(candidate.name);
    const auto near = nearest(verb, names);
    return bad_input(verb + " is no step of a Lifecycle" +
                     (near.empty() ? "" : "; did you mean " + near + "?"));
  }
  step.verb = shape->verb;
  if (step.words.size() < shape->least || step.words.size() > shape->most) {
    return bad_input("usage: " + std::string(shape->usage));
  }
  if (auto checked = check_words(step); !checked) return checked.error();
  return step;
}

}  // namespace sandproof::claim
