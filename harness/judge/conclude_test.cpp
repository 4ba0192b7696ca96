// What the verdicts of the attempts make of the directives.
#include <gmock/gmock.h>

#include "judge/judge.h"

namespace sandproof {
namespace {

using testing::IsEmpty;
using testing::Not;

AttemptResult attempt_of(const std::string& directive, Verdict verdict,
                         const std::string& reason = {}) {
  AttemptResult result;
  result.attempt = {"fs-write", {"/" + to_string(verdict)}};
  result.directives = {directive};
  result.judgement = {verdict, Proof::none, reason};
  return result;
}

AttemptResult door_of(const std::string& directive, Verdict verdict,
                      const std::string& reason = {}) {
  AttemptResult result = attempt_of(directive, verdict, reason);
  result.side_door = "a bind remount";
  return result;
}

CheckResult result_of(std::vector<AttemptResult> attempts) {
  CheckResult result;
  result.attempts = std::move(attempts);
  return result;
}

TEST(Decide, TheWorstAttemptDecides) {
  const std::vector<Verdict> worst_first = {Verdict::leaked,      Verdict::bypassed,
                                            Verdict::overblocked, Verdict::unproven,
                                            Verdict::untestable,  Verdict::held};
  for (std::size_t worse = 0; worse < worst_first.size(); ++worse) {
    for (std::size_t other = worse; other < worst_first.size(); ++other) {
      const auto decision = decide(result_of({attempt_of("X", worst_first[other], "other"),
                                              attempt_of("Y", Verdict::leaked, "not of X"),
                                              attempt_of("X", worst_first[worse], "worse")}),
                                   "X");
      EXPECT_EQ(to_string(decision.status), to_string(worst_first[worse]));
      EXPECT_EQ(decision.decisive, worse == other ? 0U : 2U);
    }
  }
}

TEST(Decide, AShutOrUntestableSideDoorDoesNotSpoilTheFront) {
  for (const auto verdict : {Verdict::held, Verdict::unproven, Verdict::untestable}) {
    const auto decision =
        decide(result_of({door_of("X", verdict, "a door"), attempt_of("X", Verdict::held)}), "X");
    EXPECT_EQ(decision.status, Status::held);
    EXPECT_EQ(decision.decisive, 1U);
    EXPECT_THAT(decision.reason, IsEmpty());
  }
}

TEST(Decide, AnOpenSideDoorBypassesAFrontThatHolds) {
  const auto decision = decide(
      result_of({attempt_of("X", Verdict::held), door_of("X", Verdict::bypassed, "open")}), "X");
  EXPECT_EQ(decision.status, Status::bypassed);
  EXPECT_EQ(decision.decisive, 1U);
  EXPECT_EQ(decision.reason, "open");
}

TEST(Decide, WhatWasFoundToShutADoorIsTold) {
  auto door = door_of("X", Verdict::bypassed, "by a bind remount");
  door.shut_by = {"SystemCallFilter=~@mount", "CapabilityBoundingSet="};
  EXPECT_EQ(decide(result_of({door}), "X").reason,
            "by a bind remount, which SystemCallFilter=~@mount or CapabilityBoundingSet= shuts");
  door.shut_by = {"A=1", "B=2", "C=3", "D=4", "E=5"};
  EXPECT_EQ(decide(result_of({door}), "X").reason,
            "by a bind remount, which A=1 or B=2 or C=3, or any of 2 more, shuts");
}

TEST(Decide, WhatDeniesWhatLeaksIsTold) {
  auto leak = attempt_of("X", Verdict::leaked);
  leak.judgement.reason = "allowed for the unit's user";
  leak.shut_by = {"ReadOnlyPaths=/run"};
  EXPECT_EQ(decide(result_of({leak}), "X").reason,
            "allowed for the unit's user; with ReadOnlyPaths=/run it is denied");
}

TEST(Decide, ShutSideDoorsAloneProveNothing) {
  const auto decision = decide(result_of({door_of("X", Verdict::held)}), "X");
  EXPECT_EQ(decision.status, Status::unproven);
  EXPECT_EQ(decision.decisive, std::nullopt);
  EXPECT_THAT(decision.reason, Not(IsEmpty()));
}

DirectiveResult directive_of(const std::string& name, Status status,
                             const std::string& ignored_because = {}) {
  DirectiveResult result;
  result.directive.name = name;
  result.directive.ignored_because = ignored_because;
  result.status = status;
  return result;
}

TEST(Conclude, EveryDirectiveGetsItsStatus) {
  auto result = result_of({attempt_of("ProtectSystem", Verdict::leaked, "allowed")});
  result.directives = {directive_of("ProtectSystem", Status::no_probe),
                       directive_of("ProtectSystem", Status::no_probe, "bad value"),
                       directive_of("PrivateNetwork", Status::off),
                       directive_of("Slice", Status::no_probe)};
  conclude(result);
  EXPECT_EQ(result.directives[0].status, Status::leaked);
  EXPECT_EQ(result.directives[0].reason, "allowed");
  EXPECT_EQ(result.directives[1].status, Status::ignored);
  EXPECT_EQ(result.directives[1].reason, "bad value");
  EXPECT_EQ(result.directives[2].status, Status::off);
  EXPECT_EQ(result.directives[3].status, Status::no_probe);
}

// The clone has not what would have stopped it, and is no evidence of the unit.
TEST(Conclude, WhatTheClonesDoNotHaveIsUnproven) {
  auto result = result_of({attempt_of("Nice", Verdict::leaked, "allowed"),
                           attempt_of("UMask", Verdict::leaked, "allowed"),
                           attempt_of("UMask", Verdict::held)});
  result.directives = {directive_of("Nice", Status::no_probe),
                       directive_of("UMask", Status::no_probe),
                       directive_of("Slice", Status::no_probe)};
  result.uncopied = {{"Nice", "not taken"}, {"Slice", "not taken"}};
  withdraw_uncopied(result);
  conclude(result);
  EXPECT_EQ(result.attempts[0].judgement.verdict, Verdict::unproven);
  EXPECT_EQ(result.attempts[1].judgement.verdict, Verdict::leaked);
  EXPECT_EQ(result.directives[0].status, Status::unproven);
  EXPECT_EQ(result.directives[0].reason, "not taken");
  EXPECT_EQ(result.directives[1].status, Status::leaked);
  EXPECT_EQ(result.directives[2].status, Status::no_probe);
}

// What it holds, it may hold by something that the unit has otherwise.
TEST(Conclude, WhatTheClonesHaveOtherwiseIsUnprovenThoughItHolds) {
  auto result = result_of({attempt_of("Nice", Verdict::held)});
  result.directives = {directive_of("Nice", Status::no_probe)};
  result.uncopied = {{"Nice", "another"}};
  withdraw_uncopied(result);
  conclude(result);
  EXPECT_EQ(result.attempts[0].judgement.verdict, Verdict::held);
  EXPECT_EQ(result.directives[0].status, Status::unproven);
}

}  // namespace
}  // namespace sandproof
