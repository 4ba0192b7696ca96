// A sentence of somebody's documentation, and what a run says of it.
#pragma once

#include <string>

namespace sandproof {

enum class ClaimVerdict { confirmed, refuted, unproven, untestable };
std::string to_string(ClaimVerdict verdict);

struct ClaimResult {
  std::string id;
  std::string says;    // in our own words
  std::string source;  // the document and its section
  std::string unit;    // "" for a claim about the manager
  ClaimVerdict verdict = ClaimVerdict::unproven;
  // What was seen: the four cells, the property's value, the times.
  std::string evidence;
  // What the suite expects, and why where that is not `confirmed`.
  ClaimVerdict expected = ClaimVerdict::confirmed;
  std::string because;

  bool is_as_expected() const { return verdict == expected; }
  // A verdict of its own that nobody expects: evidence that is missing is no finding.
  bool is_finding(bool strict) const {
    const bool decides = verdict == ClaimVerdict::confirmed || verdict == ClaimVerdict::refuted;
    return !is_as_expected() && (decides || strict);
  }
};

}  // namespace sandproof
