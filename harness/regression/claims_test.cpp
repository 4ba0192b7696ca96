#include "regression/claims.h"

#include <gmock/gmock.h>

#include "report/claims.h"

namespace sandproof::regression {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

ClaimResult claim_of(const std::string& id, ClaimVerdict verdict,
                     ClaimVerdict expected = ClaimVerdict::confirmed) {
  ClaimResult claim;
  claim.id = id;
  claim.verdict = verdict;
  claim.expected = expected;
  return claim;
}

// A claim of the suite "numa" that was `before` and is `now`.
ClaimResult held(ClaimVerdict before, ClaimVerdict now) {
  std::vector<ClaimResult> claims = {claim_of("a", now)};
  EXPECT_THAT(hold_claims_against("numa", claims, {{"numa", "a", before}}), IsEmpty());
  return claims.front();
}

TEST(HoldClaimsAgainst, OnlyWhatGotWorseIsAFinding) {
  EXPECT_TRUE(held(ClaimVerdict::confirmed, ClaimVerdict::refuted).is_finding(false));
  EXPECT_TRUE(held(ClaimVerdict::unproven, ClaimVerdict::refuted).is_finding(false));
  EXPECT_FALSE(held(ClaimVerdict::refuted, ClaimVerdict::refuted).is_finding(true));
  EXPECT_FALSE(held(ClaimVerdict::refuted, ClaimVerdict::confirmed).is_finding(true));
  EXPECT_FALSE(held(ClaimVerdict::refuted, ClaimVerdict::unproven).is_finding(true));
  EXPECT_FALSE(held(ClaimVerdict::confirmed, ClaimVerdict::confirmed).is_finding(true));
}

TEST(HoldClaimsAgainst, EvidenceThatIsMissingNowIsAFindingForTheStrictAlone) {
  const auto claim = held(ClaimVerdict::confirmed, ClaimVerdict::unproven);
  EXPECT_FALSE(claim.is_finding(false));
  EXPECT_TRUE(claim.is_finding(true));
}

TEST(HoldClaimsAgainst, WhatItWasIsTold) {
  EXPECT_THAT(held(ClaimVerdict::confirmed, ClaimVerdict::refuted).because,
              HasSubstr("was confirmed in the baseline"));
  EXPECT_THAT(held(ClaimVerdict::refuted, ClaimVerdict::confirmed).because,
              HasSubstr("was refuted in the baseline"));
}

TEST(HoldClaimsAgainst, ANewClaimKeepsWhatItsSuiteExpects) {
  std::vector<ClaimResult> claims = {claim_of("a", ClaimVerdict::refuted),
                                     claim_of("b", ClaimVerdict::refuted, ClaimVerdict::refuted)};
  hold_claims_against("numa", claims, {{"runwisp", "a", ClaimVerdict::refuted}});
  EXPECT_TRUE(claims[0].is_finding(false));
  EXPECT_FALSE(claims[1].is_finding(false));
}

TEST(HoldClaimsAgainst, AClaimThatIsGoneIsTold) {
  std::vector<ClaimResult> claims;
  EXPECT_THAT(hold_claims_against("numa", claims,
                                  {{"numa", "a", ClaimVerdict::confirmed},
                                   {"runwisp", "b", ClaimVerdict::confirmed}}),
              ElementsAre(HasSubstr("numa: a")));
}

TEST(ReadClaims, WhatWasWrittenIsReadBack) {
  std::vector<report::SuiteResult> suites = {
      {"numa", "", {}, {claim_of("a", ClaimVerdict::refuted)}},
      {"runwisp", "", {}, {claim_of("b", ClaimVerdict::untestable)}}};
  const auto claims = read_claims(report::claims_json(suites), "old.json");
  ASSERT_TRUE(claims) << claims.error().message;
  ASSERT_EQ(claims->size(), 2U);
  EXPECT_EQ(claims->at(0).suite, "numa");
  EXPECT_EQ(claims->at(0).id, "a");
  EXPECT_EQ(claims->at(0).verdict, ClaimVerdict::refuted);
  EXPECT_EQ(claims->at(1).verdict, ClaimVerdict::untestable);
}

TEST(ReadClaims, WhatIsWrongIsNamedWithItsPlace) {
  const auto error_of = [](const std::string& text) {
    const auto claims = read_claims(text, "old.json");
    return claims ? "no error" : claims.error().message;
  };
  EXPECT_THAT(error_of("{"), HasSubstr("old.json: no JSON"));
  EXPECT_EQ(error_of(R"({"schema": "sandproof/check/1"})"),
            "old.json: its schema is \"sandproof/check/1\", not \"sandproof/claims/1\"");
  EXPECT_EQ(
      error_of(R"({"schema": "sandproof/claims/1", "claims": [{"suite": "numa", "id": "a"}]})"),
      "old.json: claims[0]: has no \"verdict\"");
}

}  // namespace
}  // namespace sandproof::regression
