#include "judge/judge.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <string_view>

namespace sandproof {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const Outcome allowed = Outcome::allowed();
Outcome denied(int error) { return Outcome::denied(error); }
const Outcome killed = Outcome::killed(SIGSYS);
const Outcome absent = Outcome::absent(ENOENT);
const Outcome unable = Outcome::unable("timed out");

const Expectation front{.attempt = {"fs-write", {"/etc"}},
                        .directive = "ProtectSystem",
                        .must = Must::denied,
                        .side_door = {},
                        .shut_by = {},
                        .promised = {denied(EROFS)},
                        .of_root = true};

Expectation front_of_user_alone() {
  Expectation expectation = front;
  expectation.of_root = false;
  return expectation;
}

Expectation side_door() {
  Expectation expectation = front;
  expectation.side_door = "a bind remount";
  return expectation;
}

Expectation permission() {
  Expectation expectation = front;
  expectation.directive = "ReadWritePaths";
  expectation.must = Must::allowed;
  expectation.promised = {};
  return expectation;
}

Expectation identity() {
  Expectation expectation = front_of_user_alone();
  expectation.directive = "User";
  expectation.control = Control::root;
  return expectation;
}

Expectation grant() {
  Expectation expectation = permission();
  expectation.directive = "StateDirectory";
  expectation.control = Control::none;
  return expectation;
}

std::string summary(const Judgement& judgement) {
  std::string text = to_string(judgement.verdict);
  if (judgement.proof != Proof::none) text += " by " + to_string(judgement.proof);
  return text;
}

std::string describe(const Square& square) {
  std::string text;
  for (const Cell cell : all_cells) text += to_string(cell) + ": " + to_string(square[cell]) + "\n";
  return text;
}

// Every square that can be made of these: the five kinds, and a denial that is not the promised
// one.
std::vector<Square> every_square() {
  const std::vector<Outcome> outcomes = {allowed, denied(EROFS), denied(EACCES),
                                         killed,  absent,        unable};
  std::vector<Square> squares;
  for (const auto& bare_user : outcomes) {
    for (const auto& bare_root : outcomes) {
      for (const auto& user : outcomes) {
        for (const auto& root : outcomes) squares.push_back({bare_user, bare_root, user, root});
      }
    }
  }
  return squares;
}

// The tables of judge.h, a character a cell: a allowed, p promised, s stopped in any way, u unable,
// n not allowed, * any. The first row that fits decides.
struct Row {
  std::string_view cells;
  std::string_view verdict;
};

struct Table {
  std::string name;
  Expectation expectation;
  std::vector<Row> rows;
};

void PrintTo(const Table& table, std::ostream* out) { *out << table.name; }

bool fits(char pattern, const Outcome& outcome) {
  switch (pattern) {
    case 'a':
      return outcome.is_allowed();
    case 'p':
      return outcome == denied(EROFS);
    case 's':
      return outcome.is_stopped();
    case 'u':
      return outcome.is_unable();
    case 'n':
      return !outcome.is_allowed();
    default:
      return true;
  }
}

bool fits(std::string_view cells, const Square& square) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (!fits(cells[i], square[all_cells[i]])) return false;
  }
  return true;
}

class EverySquare : public testing::TestWithParam<Table> {};

TEST_P(EverySquare, IsJudgedAsTheTableSays) {
  for (const auto& square : every_square()) {
    const auto& rows = GetParam().rows;
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [&](const Row& each) { return fits(each.cells, square); });
    ASSERT_NE(row, rows.end()) << describe(square);
    EXPECT_EQ(summary(judge(GetParam().expectation, square)), row->verdict) << describe(square);
  }
}

TEST_P(EverySquare, HasAReasonExactlyWhereItIsNotHeld) {
  for (const auto& square : every_square()) {
    const auto judgement = judge(GetParam().expectation, square);
    EXPECT_EQ(judgement.reason.empty(), judgement.verdict == Verdict::held) << describe(square);
  }
}

INSTANTIATE_TEST_SUITE_P(Judge, EverySquare,
                         testing::Values(Table{"FrontDoor",
                                               front,
                                               {{"**a*", "leaked"},
                                                {"**sa", "leaked"},
                                                {"nn**", "untestable"},
                                                {"**u*", "unproven"},
                                                {"a*p*", "held by user"},
                                                {"a*s*", "unproven"},
                                                {"nasp", "held by root"},
                                                {"nas*", "unproven"}}},
                                         Table{"FrontDoorOfTheUserAlone",
                                               front_of_user_alone(),
                                               {{"**a*", "leaked"},
                                                {"nn**", "untestable"},
                                                {"**u*", "unproven"},
                                                {"a*p*", "held by user"},
                                                {"a*s*", "unproven"},
                                                {"nasp", "held by root"},
                                                {"nas*", "unproven"}}},
                                         Table{"SideDoor",
                                               side_door(),
                                               {{"**a*", "bypassed"},
                                                {"nn**", "untestable"},
                                                {"**u*", "unproven"},
                                                {"a*s*", "held by user"},
                                                {"nass", "held by root"},
                                                {"nas*", "held"}}},
                                         Table{"Permission",
                                               permission(),
                                               {{"**a*", "held by user"},
                                                {"nn**", "untestable"},
                                                {"**u*", "unproven"},
                                                {"a*s*", "overblocked"},
                                                {"nass", "overblocked"},
                                                {"nasu", "unproven"},
                                                {"nasa", "held by root"}}},
                                         Table{"Grant",
                                               grant(),
                                               {{"**a*", "held by user"},
                                                {"**s*", "overblocked"},
                                                {"nn**", "untestable"},
                                                {"**u*", "unproven"}}},
                                         Table{"Identity",
                                               identity(),
                                               {{"**a*", "leaked"},
                                                {"*n**", "untestable"},
                                                {"**u*", "unproven"},
                                                {"*ap*", "held by root"},
                                                {"*as*", "unproven"}}}),
                         [](const auto& table) { return table.param.name; });

TEST(Judge, NoPassIsEmpty) {
  for (const auto& square : every_square()) {
    for (const auto& expectation : {front, front_of_user_alone(), side_door()}) {
      const auto judgement = judge(expectation, square);
      if (judgement.verdict != Verdict::held) continue;
      EXPECT_TRUE(square.bare_user.is_allowed() || square.bare_root.is_allowed());
      EXPECT_TRUE(square.sandboxed_user.is_stopped()) << describe(square);
      if (judgement.proof == Proof::user) {
        EXPECT_TRUE(square.bare_user.is_allowed());
      }
      if (judgement.proof == Proof::root) {
        EXPECT_TRUE(square.bare_root.is_allowed());
        EXPECT_TRUE(square.sandboxed_root.is_stopped());
      }
    }
  }
}

TEST(Judge, ALeakIsSeenInTheSandboxAndNeverInferred) {
  for (const auto& square : every_square()) {
    for (const auto& expectation : {front, front_of_user_alone(), side_door(), permission()}) {
      const auto verdict = judge(expectation, square).verdict;
      if (verdict == Verdict::leaked) {
        EXPECT_TRUE(square.sandboxed_user.is_allowed() || square.sandboxed_root.is_allowed());
      }
      if (verdict == Verdict::bypassed) {
        EXPECT_TRUE(square.sandboxed_user.is_allowed());
      }
    }
  }
}

TEST(Judge, NothingButAPromisedDenialHoldsTheFrontDoor) {
  for (const auto& square : every_square()) {
    if (judge(front, square).verdict != Verdict::held) continue;
    EXPECT_TRUE(square.sandboxed_user == denied(EROFS) || square.sandboxed_root == denied(EROFS))
        << describe(square);
  }
}

TEST(Judge, ADenialOfWhatTheUserMayDoBareHolds) {
  const auto judgement = judge(front, {.bare_user = allowed,
                                       .bare_root = allowed,
                                       .sandboxed_user = denied(EROFS),
                                       .sandboxed_root = denied(EROFS)});
  EXPECT_EQ(summary(judgement), "held by user");
}

TEST(Judge, RootShowsWhatTheUserCouldNotHaveDoneAnyway) {
  const auto judgement = judge(front, {.bare_user = denied(EACCES),
                                       .bare_root = allowed,
                                       .sandboxed_user = denied(EACCES),
                                       .sandboxed_root = denied(EROFS)});
  EXPECT_EQ(summary(judgement), "held by root");
}

TEST(Judge, ADenialThatTheBareCellsShareProvesNothing) {
  const auto judgement = judge(front, {.bare_user = denied(EACCES),
                                       .bare_root = denied(EPERM),
                                       .sandboxed_user = denied(EROFS),
                                       .sandboxed_root = denied(EROFS)});
  EXPECT_EQ(summary(judgement), "untestable");
  EXPECT_EQ(judgement.reason, "bare root is denied too: EPERM");
}

TEST(Judge, WhatTheMachineCannotDoIsToldAsBareRootSawIt) {
  const auto reason = [](const Outcome& bare_root) {
    return judge(front, {denied(EACCES), bare_root, denied(EROFS), denied(EROFS)}).reason;
  };
  EXPECT_EQ(reason(absent), "not there: ENOENT");
  EXPECT_EQ(reason(killed), "bare root is killed too: SIGSYS");
  EXPECT_EQ(reason(unable),
            "the unit's user may not do it without the sandbox either: denied EACCES; as root it "
            "could not be tried: timed out");
}

TEST(Judge, ADenialByAnotherDirectiveIsNoEvidence) {
  const auto judgement = judge(front, {.bare_user = allowed,
                                       .bare_root = allowed,
                                       .sandboxed_user = killed,
                                       .sandboxed_root = denied(EROFS)});
  EXPECT_EQ(summary(judgement), "unproven");
  EXPECT_EQ(judgement.reason,
            "killed SIGSYS, which ProtectSystem= does not do: another directive stops it first");
}

TEST(Judge, ADenialOfRootByAnotherDirectiveIsNoEvidence) {
  const auto judgement = judge(front, {.bare_user = denied(EACCES),
                                       .bare_root = allowed,
                                       .sandboxed_user = denied(EACCES),
                                       .sandboxed_root = denied(EPERM)});
  EXPECT_EQ(summary(judgement), "unproven");
  EXPECT_EQ(
      judgement.reason,
      "root is denied EPERM, which ProtectSystem= does not do: another directive stops it first");
}

TEST(Judge, FilePermissionsAreNoEvidenceWhereRootIsExempt) {
  const auto judgement = judge(front_of_user_alone(), {.bare_user = denied(EACCES),
                                                       .bare_root = allowed,
                                                       .sandboxed_user = denied(EACCES),
                                                       .sandboxed_root = allowed});
  EXPECT_EQ(summary(judgement), "unproven");
  EXPECT_EQ(judgement.reason,
            "the unit's user may not do it without the sandbox either: denied EACCES");
}

TEST(Judge, ASandboxThatLetsRootThroughLeaksThoughTheUserIsDenied) {
  const auto judgement = judge(front, {.bare_user = denied(EACCES),
                                       .bare_root = allowed,
                                       .sandboxed_user = denied(EACCES),
                                       .sandboxed_root = allowed});
  EXPECT_EQ(summary(judgement), "leaked");
  EXPECT_EQ(judgement.reason, "allowed for root; the user is denied EACCES");
}

TEST(Judge, WhatRootMayIsNoLeakWhereTheUserCouldNotBeTried) {
  const auto judgement = judge(front, {.bare_user = allowed,
                                       .bare_root = allowed,
                                       .sandboxed_user = unable,
                                       .sandboxed_root = allowed});
  EXPECT_EQ(summary(judgement), "unproven");
  EXPECT_EQ(judgement.reason, "could not be tried in the sandbox: timed out");
}

TEST(Judge, AnOpenSideDoorIsNamedWithWhatShutsIt) {
  const auto judgement = judge(side_door(), {.bare_user = allowed,
                                             .bare_root = allowed,
                                             .sandboxed_user = allowed,
                                             .sandboxed_root = allowed});
  EXPECT_EQ(summary(judgement), "bypassed");
  EXPECT_EQ(judgement.reason, "by a bind remount");
}

TEST(Judge, ASideDoorThatOnlyRootCouldTakeIsNoFindingOfAUsersUnit) {
  const auto judgement = judge(side_door(), {.bare_user = denied(EPERM),
                                             .bare_root = allowed,
                                             .sandboxed_user = denied(EPERM),
                                             .sandboxed_root = allowed});
  EXPECT_EQ(summary(judgement), "held");
}

TEST(Judge, WhatTheUserMayNotDoShowsNothingWhereThereIsNoRoot) {
  AttemptResult needs_root;
  needs_root.attempt = {"fs-write", {"/etc"}};
  needs_root.directives = {"X"};
  needs_root.square = {denied(EACCES), unable, denied(EROFS), unable};
  needs_root.judgement = judge(front, needs_root.square);
  AttemptResult shown = needs_root;
  shown.attempt = {"fs-write", {"/var/tmp"}};
  shown.square.bare_user = allowed;
  shown.judgement = judge(front, shown.square);
  CheckResult result;
  result.attempts = {needs_root, shown};
  EXPECT_EQ(decide(result, "X").status, Status::untestable);
  result.manager.user = "anna";
  EXPECT_EQ(decide(result, "X").status, Status::held);
  EXPECT_EQ(decide(result, "X").decisive, 1U);
  result.attempts.pop_back();
  EXPECT_EQ(decide(result, "X").status, Status::untestable);
}

TEST(Judge, ASideDoorIsShutByWhateverShutsIt) {
  const auto judgement = judge(side_door(), {.bare_user = allowed,
                                             .bare_root = allowed,
                                             .sandboxed_user = killed,
                                             .sandboxed_root = killed});
  EXPECT_EQ(summary(judgement), "held by user");
}

TEST(Judge, APathThatTheSandboxClosesToItsUserIsOverblocked) {
  const auto judgement = judge(permission(), {.bare_user = allowed,
                                              .bare_root = allowed,
                                              .sandboxed_user = denied(EROFS),
                                              .sandboxed_root = denied(EROFS)});
  EXPECT_EQ(summary(judgement), "overblocked");
  EXPECT_EQ(judgement.reason, "denied EROFS, though the unit's user may do it without the sandbox");
}

TEST(Judge, FilePermissionsDoNotOverblock) {
  const auto judgement = judge(permission(), {.bare_user = denied(EACCES),
                                              .bare_root = allowed,
                                              .sandboxed_user = denied(EACCES),
                                              .sandboxed_root = allowed});
  EXPECT_EQ(summary(judgement), "held by root");
}

TEST(Judge, ThatAUserIsNotRootIsShownByWhatRootMay) {
  const auto judgement = judge(identity(), {.bare_user = denied(EROFS),
                                            .bare_root = allowed,
                                            .sandboxed_user = denied(EROFS),
                                            .sandboxed_root = allowed});
  EXPECT_EQ(summary(judgement), "held by root");
}

TEST(Judge, ASideDoorOfTheUserIsShownByTheUserWhateverRootMay) {
  auto expectation = side_door();
  expectation.control = Control::root;
  for (const auto& root : {allowed, killed}) {
    const auto judgement = judge(expectation, {.bare_user = denied(EPERM),
                                               .bare_root = allowed,
                                               .sandboxed_user = denied(EPERM),
                                               .sandboxed_root = root});
    EXPECT_EQ(summary(judgement), "held by root");
  }
}

TEST(Judge, AGrantThatIsNotThereIsOverblockedWhateverBareSays) {
  const auto judgement = judge(grant(), {.bare_user = denied(EACCES),
                                         .bare_root = denied(EACCES),
                                         .sandboxed_user = denied(EACCES),
                                         .sandboxed_root = denied(EACCES)});
  EXPECT_EQ(summary(judgement), "overblocked");
  EXPECT_EQ(judgement.reason, "denied EACCES, though StateDirectory= grants it");
}

TEST(Judge, APortThatTheSandboxClosesEvenToRootIsOverblocked) {
  const auto judgement = judge(permission(), {.bare_user = denied(EACCES),
                                              .bare_root = allowed,
                                              .sandboxed_user = denied(EPERM),
                                              .sandboxed_root = denied(EPERM)});
  EXPECT_EQ(summary(judgement), "overblocked");
  EXPECT_EQ(judgement.reason, "root is denied EPERM, though root may do it without the sandbox");
}

TEST(Judge, APortThatTheSandboxOpensIsHeldThoughTheBareUserIsDenied) {
  const auto judgement = judge(permission(), {.bare_user = denied(EACCES),
                                              .bare_root = allowed,
                                              .sandboxed_user = allowed,
                                              .sandboxed_root = allowed});
  EXPECT_EQ(summary(judgement), "held by user");
}

}  // namespace
}  // namespace sandproof
