#include "regression/claims.h"

#include <algorithm>

#include "regression/document.h"

namespace sandproof::regression {

namespace {

constexpr auto schema = "sandproof/claims/1";

// The higher the worse. What shows nothing shows it in one way or another.
int badness(ClaimVerdict verdict) {
  switch (verdict) {
    case ClaimVerdict::refuted:
      return 2;
    case ClaimVerdict::unproven:
    case ClaimVerdict::untestable:
      return 1;
    case ClaimVerdict::confirmed:
      break;
  }
  return 0;
}

void hold_against(ClaimResult& claim, ClaimVerdict before) {
  const bool is_better = badness(claim.verdict) < badness(before);
  claim.because = "was " + to_string(before) + " in the baseline";
  claim.expected = is_better ? claim.verdict : before;
}

}  // namespace

Result<std::vector<EarlierClaim>> read_claims(std::string_view json, const std::string& file) {
  const auto document = Document::parse(json, file, schema);
  if (!document) return document.error();
  std::vector<EarlierClaim> claims;
  for (const auto& node : document->root().at("claims").list()) {
    claims.push_back({node.at("suite").text(), node.at("id").text(),
                      node.at("verdict").word(ClaimVerdict::untestable)});
  }
  if (auto checked = document->check(); !checked) return checked.error();
  return claims;
}

std::vector<std::string> hold_claims_against(const std::string& suite,
                                             std::vector<ClaimResult>& claims,
                                             const std::vector<EarlierClaim>& earlier) {
  std::vector<std::string> told;
  for (const auto& before : earlier) {
    if (before.suite != suite) continue;
    const auto now = std::find_if(claims.begin(), claims.end(),
                                  [&before](const auto& claim) { return claim.id == before.id; });
    if (now == claims.end()) {
      told.push_back(suite + ": " + before.id + ", which was " + to_string(before.verdict) +
                     " in the baseline, is no claim of the suite any more");
    } else {
      hold_against(*now, before.verdict);
    }
  }
  return told;
}

}  // namespace sandproof::regression
