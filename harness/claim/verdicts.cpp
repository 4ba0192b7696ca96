#include "claim/verdicts.h"

#include <algorithm>

#include "base/names.h"
#include "base/text.h"
#include "claim/words.h"
#include "unit/values.h"

namespace sandproof::claim {

namespace {

std::string shown(const Square& square, bool as_root) {
  if (as_root) {
    return "bare root " + to_string(square.bare_root) + "; sandboxed root " +
           to_string(square.sandboxed_root);
  }
  return "bare user " + to_string(square.bare_user) + ", bare root " + to_string(square.bare_root) +
         "; sandboxed user " + to_string(square.sandboxed_user) + ", sandboxed root " +
         to_string(square.sandboxed_root);
}

Weighed with(ClaimVerdict verdict, const std::string& reason, const std::string& evidence) {
  return {verdict, reason.empty() ? evidence : reason + ": " + evidence};
}

Weighed weigh_permission(const Square& square, const std::string& evidence) {
  if (square.sandboxed_user.is_allowed()) return {ClaimVerdict::confirmed, evidence};
  if (square.sandboxed_user.is_unable()) {
    return with(ClaimVerdict::unproven, "could not be tried", evidence);
  }
  if (!square.bare_user.is_allowed() && !square.bare_root.is_allowed()) {
    return with(ClaimVerdict::untestable, "this machine cannot do it", evidence);
  }
  return with(ClaimVerdict::refuted, "it is not allowed", evidence);
}

Weighed weigh_denial(const AttemptClaim& claim, const Square& square, const std::string& evidence) {
  const auto& [bare_user, bare_root, user, root] = square;
  const auto is_named = [&claim](const Outcome& outcome) {
    return !claim.error || outcome.number == *claim.error;
  };
  if (user.is_allowed()) return with(ClaimVerdict::refuted, "it is allowed", evidence);
  if (!bare_user.is_allowed() && !bare_root.is_allowed()) {
    return with(ClaimVerdict::untestable, "this machine cannot do it", evidence);
  }
  if (user.is_unable()) return with(ClaimVerdict::unproven, "could not be tried", evidence);
  if (bare_user.is_allowed()) {
    if (is_named(user)) return {ClaimVerdict::confirmed, evidence};
    return with(ClaimVerdict::refuted, "it is not " + errno_name(*claim.error), evidence);
  }
  if (root.is_stopped() && is_named(root)) return {ClaimVerdict::confirmed, evidence};
  return with(ClaimVerdict::unproven, "the user may not do it without the sandbox either",
              evidence);
}

// Whether the directive alone stops it, in the cells that can show it.
Weighed weigh_alone(const std::string& directive, const Alone& alone, const Square& square) {
  const bool by_user = square.bare_user.is_allowed();
  const Outcome& outcome = by_user ? alone.user : alone.root;
  const std::string evidence =
      directive + "= alone: " + (by_user ? "" : "root ") + to_string(outcome);
  if (outcome.is_stopped()) return {ClaimVerdict::confirmed, evidence};
  if (outcome.is_allowed()) return {ClaimVerdict::refuted, evidence};
  return {ClaimVerdict::unproven, evidence};
}

}  // namespace

Weighed weigh(const AttemptClaim& claim, const Square& cells,
              const std::map<std::string, Alone>& alone) {
  Square square = cells;
  if (claim.as_root) {
    square.bare_user = cells.bare_root;
    square.sandboxed_user = cells.sandboxed_root;
  }
  const std::string evidence = shown(cells, claim.as_root);
  if (claim.must == Must::allowed) return weigh_permission(square, evidence);
  Weighed result = weigh_denial(claim, square, evidence);
  if (result.verdict != ClaimVerdict::confirmed) return result;
  for (const auto& directive : claim.by) {
    const auto found = alone.find(directive);
    Alone outcomes = found != alone.end()
                         ? found->second
                         : Alone{Outcome::unable("not in force"), Outcome::unable("not in force")};
    if (claim.as_root) outcomes.user = outcomes.root;
    const auto carried = weigh_alone(directive, outcomes, square);
    result.evidence += "; " + carried.evidence;
    if (carried.verdict == ClaimVerdict::confirmed) continue;
    return with(carried.verdict,
                carried.verdict == ClaimVerdict::refuted
                    ? "it is denied, but not by " + directive + "="
                    : "it is denied; whether by " + directive + "= could not be tried",
                result.evidence);
  }
  return result;
}

namespace {

bool is_duration(const std::string& property, const Value& value) {
  // As D-Bus has the name, or as unit files have it: TimeoutStopUSec, TimeoutStopSec.
  const bool is_named_so = property.find("USec") != std::string::npos ||
                           (property.ends_with("Sec") && !property.ends_with("NSec"));
  return value.signature == "t" && is_named_so;
}

std::optional<Microseconds> duration_of(const Value& value) {
  const auto count = std::get<std::uint64_t>(value.data);
  if (count == UINT64_MAX) return Microseconds::max();
  return Microseconds(static_cast<std::int64_t>(count));
}

}  // namespace

std::string shown_value(const std::string& property, const Value& value) {
  if (is_duration(property, value)) return to_string(*duration_of(value));
  if (property.ends_with("Mode") || property == "UMask") {
    if (const auto* mode = std::get_if<std::uint64_t>(&value.data)) {
      return mode_text(static_cast<unsigned>(*mode));
    }
  }
  return to_string(value);
}

bool is_value(const std::string& property, const Value& value, const std::string& text) {
  if (const auto* truth = std::get_if<bool>(&value.data)) {
    return unit::parse_boolean(text) == *truth;
  }
  if (is_duration(property, value)) return parse_duration(text) == duration_of(value);
  const std::string shown = shown_value(property, value);
  return words(shown) == words(text) || unit::is_same_value(shown, text);
}

Weighed weigh(const PropertyClaim& claim, const Value* value) {
  const bool must_be_absent = !claim.is && !claim.has;
  if (value == nullptr) {
    return {must_be_absent ? ClaimVerdict::confirmed : ClaimVerdict::refuted,
            "this systemd has no property " + claim.name};
  }
  std::string shown = shown_value(claim.name, *value);
  const std::string evidence = claim.name + " is " + (shown.empty() ? "empty" : shown);
  bool is_so = false;
  if (claim.is) {
    is_so = is_value(claim.name, *value, *claim.is);
  } else if (claim.has && value->is_container()) {
    const auto& elements = value->elements();
    is_so = std::any_of(elements.begin(), elements.end(), [&claim](const Value& element) {
      return words(to_string(element)) == words(*claim.has);
    });
  }
  return {is_so ? ClaimVerdict::confirmed : ClaimVerdict::refuted, evidence};
}

}  // namespace sandproof::claim
