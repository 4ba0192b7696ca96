#include "model/outcome.h"

#include "base/names.h"
#include "base/text.h"

namespace sandproof {

std::string to_string(const Outcome& outcome) {
  switch (outcome.kind) {
    case Outcome::Kind::allowed:
      return "allowed";
    case Outcome::Kind::denied:
      return "denied " + errno_name(outcome.number);
    case Outcome::Kind::killed:
      return "killed " + signal_name(outcome.number);
    case Outcome::Kind::absent:
      return "absent " + errno_name(outcome.number);
    case Outcome::Kind::unable:
      return "unable " + outcome.reason;
  }
  return {};
}

std::optional<Outcome> parse_outcome(std::string_view text) {
  const auto space = text.find(' ');
  const auto word = text.substr(0, space);
  const auto rest = space == std::string_view::npos ? "" : trim(text.substr(space));
  if (word == "allowed" && rest.empty()) return Outcome::allowed();
  if (word == "unable" && !rest.empty()) return Outcome::unable(std::string(rest));
  if (word == "killed") {
    if (const auto signal = signal_number(rest)) return Outcome::killed(*signal);
    return std::nullopt;
  }
  const auto error = errno_number(rest);
  if (word == "denied" && error) return Outcome::denied(*error);
  if (word == "absent" && error) return Outcome::absent(*error);
  return std::nullopt;
}

}  // namespace sandproof
