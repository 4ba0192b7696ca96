#include "claim/verdicts.h"

#include <gmock/gmock.h>

#include <cerrno>

namespace sandproof::claim {
namespace {

using testing::HasSubstr;

const Outcome yes = Outcome::allowed();
const Outcome erofs = Outcome::denied(EROFS);
const Outcome eacces = Outcome::denied(EACCES);
const Outcome unable = Outcome::unable("timed out");

AttemptClaim denied_claim() { return {{"fs-write", {"/etc"}}, Must::denied, {}, false, {}}; }

ClaimVerdict verdict_of(const AttemptClaim& claim, const Square& square) {
  return weigh(claim, square, {}).verdict;
}

TEST(Weigh, ADenialThatTheBareUserDoesNotMeetConfirms) {
  EXPECT_EQ(verdict_of(denied_claim(), {yes, yes, erofs, erofs}), ClaimVerdict::confirmed);
}

TEST(Weigh, AnAttemptThatIsAllowedRefutes) {
  EXPECT_EQ(verdict_of(denied_claim(), {yes, yes, yes, erofs}), ClaimVerdict::refuted);
  EXPECT_EQ(verdict_of(denied_claim(), {eacces, eacces, yes, yes}), ClaimVerdict::refuted);
}

TEST(Weigh, ADenialWithoutAControlIsUnproven) {
  EXPECT_EQ(verdict_of(denied_claim(), {eacces, yes, eacces, yes}), ClaimVerdict::unproven);
  EXPECT_EQ(verdict_of(denied_claim(), {eacces, yes, eacces, unable}), ClaimVerdict::unproven);
}

TEST(Weigh, WhatTheUserNeverCouldIsConfirmedByRoot) {
  EXPECT_EQ(verdict_of(denied_claim(), {eacces, yes, eacces, erofs}), ClaimVerdict::confirmed);
}

TEST(Weigh, WhatNobodyCanIsUntestable) {
  EXPECT_EQ(verdict_of(denied_claim(), {eacces, eacces, eacces, eacces}), ClaimVerdict::untestable);
  EXPECT_EQ(verdict_of(denied_claim(), {unable, unable, erofs, erofs}), ClaimVerdict::untestable);
}

TEST(Weigh, WhatCouldNotBeTriedIsUnproven) {
  EXPECT_EQ(verdict_of(denied_claim(), {yes, yes, unable, erofs}), ClaimVerdict::unproven);
}

TEST(Weigh, AnotherErrnoThanTheDocumentsRefutes) {
  auto claim = denied_claim();
  claim.error = EROFS;
  EXPECT_EQ(verdict_of(claim, {yes, yes, erofs, erofs}), ClaimVerdict::confirmed);
  EXPECT_EQ(verdict_of(claim, {yes, yes, eacces, erofs}), ClaimVerdict::refuted);
  EXPECT_EQ(verdict_of(claim, {eacces, yes, eacces, erofs}), ClaimVerdict::confirmed);
  EXPECT_EQ(verdict_of(claim, {eacces, yes, eacces, eacces}), ClaimVerdict::unproven);
}

TEST(Weigh, AsRootOnlyRootCounts) {
  auto claim = denied_claim();
  claim.as_root = true;
  EXPECT_EQ(verdict_of(claim, {yes, yes, erofs, yes}), ClaimVerdict::refuted);
  EXPECT_EQ(verdict_of(claim, {eacces, yes, yes, erofs}), ClaimVerdict::confirmed);
}

TEST(Weigh, ADirectiveThatDoesNotCarryItRefutes) {
  auto claim = denied_claim();
  claim.by = {"ProtectSystem"};
  const Square square{yes, yes, erofs, erofs};
  EXPECT_EQ(weigh(claim, square, {{"ProtectSystem", {erofs, erofs}}}).verdict,
            ClaimVerdict::confirmed);
  const auto refuted = weigh(claim, square, {{"ProtectSystem", {yes, yes}}});
  EXPECT_EQ(refuted.verdict, ClaimVerdict::refuted);
  EXPECT_THAT(refuted.evidence, HasSubstr("not by ProtectSystem="));
  EXPECT_EQ(weigh(claim, square, {{"ProtectSystem", {unable, erofs}}}).verdict,
            ClaimVerdict::unproven);
  EXPECT_EQ(weigh(claim, square, {}).verdict, ClaimVerdict::unproven);
}

TEST(Weigh, WhatMustBeAllowedIsSeenToBe) {
  AttemptClaim claim{{"bind-port", {"80"}}, Must::allowed, {}, false, {}};
  EXPECT_EQ(verdict_of(claim, {eacces, yes, yes, yes}), ClaimVerdict::confirmed);
  EXPECT_EQ(verdict_of(claim, {yes, yes, eacces, yes}), ClaimVerdict::refuted);
  EXPECT_EQ(verdict_of(claim, {eacces, eacces, eacces, eacces}), ClaimVerdict::untestable);
  EXPECT_EQ(verdict_of(claim, {yes, yes, unable, yes}), ClaimVerdict::unproven);
}

TEST(Value, IsWhatASuiteSaysOfIt) {
  EXPECT_TRUE(is_value("PrivateTmp", Value::boolean(true), "true"));
  EXPECT_FALSE(is_value("PrivateTmp", Value::boolean(true), "no"));
  EXPECT_FALSE(is_value("PrivateTmp", Value::boolean(true), "perhaps"));
  EXPECT_TRUE(is_value("TimeoutStopUSec", Value::unsigned_64(90'000'000), "1min 30s"));
  EXPECT_TRUE(is_value("TimeoutStopUSec", Value::unsigned_64(UINT64_MAX), "infinity"));
  EXPECT_TRUE(is_value("TimeoutStopSec", Value::unsigned_64(10'000'000), "10s"));
  EXPECT_TRUE(is_value("ProtectHome", Value::text("yes"), "true"));
  EXPECT_FALSE(is_value("ProtectHome", Value::text("read-only"), "true"));
  EXPECT_FALSE(is_value("ProtectSystem", Value::text("strict"), "full"));
  EXPECT_TRUE(is_value("UMask", Value::unsigned_32(077), "0077"));
  EXPECT_TRUE(is_value("ReadOnlyPaths", Value::texts({"/a", "/b"}), "/a /b"));
  EXPECT_FALSE(is_value("ReadOnlyPaths", Value::texts({"/a", "/b"}), "/a"));
}

TEST(Weigh, APropertyThatThisSystemdDoesNotHaveIsAbsent) {
  EXPECT_EQ(weigh(PropertyClaim{"PrivatePIDs", false, {}, {}}, nullptr).verdict,
            ClaimVerdict::confirmed);
  EXPECT_EQ(weigh(PropertyClaim{"PrivatePIDs", false, "yes", {}}, nullptr).verdict,
            ClaimVerdict::refuted);
}

TEST(Weigh, AListHasAnElement) {
  const Value list = Value::texts({"/a", "/b"});
  EXPECT_EQ(weigh(PropertyClaim{"ReadOnlyPaths", false, {}, "/b"}, &list).verdict,
            ClaimVerdict::confirmed);
  EXPECT_EQ(weigh(PropertyClaim{"ReadOnlyPaths", false, {}, "/c"}, &list).verdict,
            ClaimVerdict::refuted);
}

}  // namespace
}  // namespace sandproof::claim
