// The claims of suites against an earlier run of them. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/claim.h"

namespace sandproof::regression {

// What an earlier run said of a claim.
struct EarlierClaim {
  std::string suite;
  std::string id;
  ClaimVerdict verdict = ClaimVerdict::unproven;
};

// Reads schema "sandproof/claims/1", as read_results() does its own.
Result<std::vector<EarlierClaim>> read_claims(std::string_view json, const std::string& file);

// From now on what the claims of a suite are expected to be is what they were: what was refuted is
// no news, what was confirmed and is refuted now is a finding, and what got better is told in the
// claim's `because`. A claim that the earlier run did not have keeps what its suite expects.
// Answers what to tell of claims that are gone.
std::vector<std::string> hold_claims_against(const std::string& suite,
                                             std::vector<ClaimResult>& claims,
                                             const std::vector<EarlierClaim>& earlier);

}  // namespace sandproof::regression
