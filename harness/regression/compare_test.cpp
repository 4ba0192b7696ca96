#include "regression/compare.h"

#include <gmock/gmock.h>

#include "regression/units_for_tests.h"

namespace sandproof::regression {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using Kind = Change::Kind;

Comparison compare_units(const CheckResult& before, const CheckResult& after) {
  return compare(std::vector{before}, std::vector{after});
}

// Of the one directive, from one status to another.
Comparison step(Status before, Status after) {
  return compare_units(unit({directive("ProtectHome", before)}),
                       unit({directive("ProtectHome", after)}));
}

TEST(Compare, TheSameIsNoChange) {
  const auto same = unit({directive("ProtectHome", Status::leaked)},
                         {attempt("ProtectHome", {"fs-list", {"/home"}}, Verdict::leaked)});
  EXPECT_THAT(compare_units(same, same).changes, IsEmpty());
}

TEST(Compare, HeldToLeakedIsWorseAndAFinding) {
  const auto changes = step(Status::held, Status::leaked).changes;
  ASSERT_THAT(changes, SizeIs(1));
  EXPECT_EQ(changes[0].kind, Kind::worse);
  EXPECT_EQ(changes[0].before, "held");
  EXPECT_EQ(changes[0].after, "leaked");
  EXPECT_EQ(changes[0].file, "a.service");
  EXPECT_TRUE(changes[0].is_finding);
}

TEST(Compare, AProofThatIsLostIsWorse) {
  for (const Status lost :
       {Status::unproven, Status::untestable, Status::no_probe, Status::off, Status::ignored}) {
    EXPECT_TRUE(step(Status::held, lost).has_finding()) << to_string(lost);
  }
}

TEST(Compare, OneWayOfShowingNothingIsAsGoodAsAnother) {
  EXPECT_THAT(step(Status::no_probe, Status::unproven).changes, IsEmpty());
  EXPECT_THAT(step(Status::off, Status::untestable).changes, IsEmpty());
}

TEST(Compare, EveryStepDownTheLadderIsAFindingAndNoStepUpIs) {
  constexpr Status ladder[] = {Status::held,        Status::unproven, Status::ignored,
                               Status::overblocked, Status::bypassed, Status::leaked};
  for (std::size_t i = 0; i < std::size(ladder); ++i) {
    for (std::size_t j = i + 1; j < std::size(ladder); ++j) {
      EXPECT_TRUE(step(ladder[i], ladder[j]).has_finding());
      const auto up = step(ladder[j], ladder[i]);
      EXPECT_FALSE(up.has_finding());
      EXPECT_EQ(up.changes.at(0).kind, Kind::better);
    }
  }
}

TEST(Compare, ADirectiveThatIsGoneIsAFindingWhereTheUnitLostByIt) {
  for (const auto& [status, is_finding] : {std::pair{Status::held, true},
                                           {Status::leaked, true},
                                           {Status::unproven, true},
                                           {Status::ignored, false},
                                           {Status::off, false}}) {
    const auto comparison = compare_units(unit({directive("ProtectHome", status)}), unit({}));
    ASSERT_THAT(comparison.changes, SizeIs(1));
    EXPECT_EQ(comparison.changes[0].kind, Kind::gone);
    EXPECT_EQ(comparison.has_finding(), is_finding) << to_string(status);
  }
}

TEST(Compare, ANewDirectiveIsAFindingWhereItDoesNotHold) {
  EXPECT_TRUE(compare_units(unit({}), unit({directive("A", Status::leaked)})).has_finding());
  EXPECT_FALSE(compare_units(unit({}), unit({directive("A", Status::held)})).has_finding());
  EXPECT_FALSE(compare_units(unit({}), unit({directive("A", Status::unproven)})).has_finding());
}

TEST(Compare, AnAttemptThatLeaksNowIsAFindingThoughTheDirectiveLeakedBefore) {
  const Attempt home{"fs-list", {"/home"}};
  const Attempt root{"fs-list", {"/root"}};
  const auto before = unit(
      {directive("ProtectHome", Status::leaked)},
      {attempt("ProtectHome", home, Verdict::leaked), attempt("ProtectHome", root, Verdict::held)});
  auto after = before;
  after.attempts[1].judgement.verdict = Verdict::leaked;
  const auto changes = compare_units(before, after).changes;
  ASSERT_THAT(changes, SizeIs(1));
  EXPECT_EQ(changes[0].attempt, "fs-list /root");
  EXPECT_TRUE(changes[0].is_finding);
}

TEST(Compare, AnAttemptThatIsGoneIsAFindingUnlessItsDirectiveWasEdited) {
  const auto held = attempt("ReadWritePaths", {"fs-write", {"/srv"}}, Verdict::held);
  const auto before = unit({directive("ReadWritePaths", Status::held, "/srv /var")}, {held});
  EXPECT_TRUE(compare_units(before, unit({directive("ReadWritePaths", Status::held, "/srv /var")}))
                  .has_finding());
  const auto edited =
      compare_units(before, unit({directive("ReadWritePaths", Status::held, "/var")}));
  EXPECT_FALSE(edited.has_finding());
  EXPECT_THAT(edited.changes, SizeIs(1));
}

TEST(Compare, OfADirectiveThatIsOffNowNoAttemptIsMissed) {
  const auto before = unit({directive("ProtectHome", Status::held)},
                           {attempt("ProtectHome", {"fs-list", {"/home"}}, Verdict::held)});
  EXPECT_THAT(compare_units(before, unit({directive("ProtectHome", Status::off, "no")})).changes,
              SizeIs(1));
}

TEST(Compare, ASideDoorCountsOnlyWhereItIsOpen) {
  const Attempt netlink{"socket-family-i386", {"AF_NETLINK"}};
  const auto with = [&](Verdict verdict) {
    return unit({directive("RestrictAddressFamilies", Status::held)},
                {attempt("RestrictAddressFamilies", netlink, verdict, "i386 system call 359")});
  };
  EXPECT_THAT(compare_units(with(Verdict::held), with(Verdict::unproven)).changes, IsEmpty());
  EXPECT_TRUE(compare_units(with(Verdict::held), with(Verdict::bypassed)).has_finding());
  EXPECT_FALSE(
      compare_units(with(Verdict::held), unit({directive("RestrictAddressFamilies", Status::held)}))
          .has_finding());
}

TEST(Compare, ProcessesPortsAndRandomNamesAreNoDifference) {
  const auto with = [](Attempt what) {
    return unit({directive("PrivateUsers", Status::held)},
                {attempt("PrivateUsers", std::move(what), Verdict::held)});
  };
  EXPECT_THAT(compare_units(with({"signal", {"4711"}}), with({"signal", {"815"}})).changes,
              IsEmpty());
  EXPECT_THAT(compare_units(with({"fs-read", {"/tmp/sandproof-0123456789abcdef"}}),
                            with({"fs-read", {"/tmp/sandproof-fedcba9876543210"}}))
                  .changes,
              IsEmpty());
  EXPECT_THAT(compare_units(with({"fs-reach", {"/proc/24/root/home"}}),
                            with({"fs-reach", {"/proc/815/root/home"}}))
                  .changes,
              IsEmpty());
  EXPECT_THAT(compare_units(with({"fs-read", {"/etc"}}), with({"fs-read", {"/usr"}})).changes,
              SizeIs(1));
}

TEST(Compare, NumbersThatMeanSomethingArePairedByTheirWordsFirst) {
  const auto with = [](Verdict eighty, Verdict ssh) {
    return unit({directive("SocketBindDeny", Status::leaked)},
                {attempt("SocketBindDeny", {"bind-port", {"80"}}, eighty),
                 attempt("SocketBindDeny", {"bind-port", {"22"}}, ssh)});
  };
  const auto changes =
      compare_units(with(Verdict::held, Verdict::leaked), with(Verdict::leaked, Verdict::held))
          .changes;
  ASSERT_THAT(changes, SizeIs(2));
  EXPECT_EQ(changes[0].attempt, "bind-port 80");
  EXPECT_EQ(changes[0].kind, Kind::worse);
  EXPECT_EQ(changes[1].attempt, "bind-port 22");
  EXPECT_EQ(changes[1].kind, Kind::better);
}

TEST(Compare, UnitsAreKnownByNameAndThoseOfOneNameByOrder) {
  const auto a = unit({directive("A", Status::held)});
  const auto a2 = unit({directive("A", Status::leaked)});
  const auto b = unit({}, {}, "b.service");
  const auto c = unit({}, {}, "c.service");
  const auto comparison = compare(std::vector{a, a2, b}, std::vector{c, a, a2});
  EXPECT_THAT(comparison.changes, IsEmpty());
  EXPECT_THAT(comparison.units_gone, ElementsAre("b.service"));
  EXPECT_THAT(comparison.units_added, ElementsAre("c.service"));
}

TEST(Compare, AnotherSystemdIsNoted) {
  auto after = unit({});
  after.manager.systemd = 257;
  EXPECT_THAT(compare_units(unit({}), after).notes, ElementsAre("systemd was 252, is 257"));
}

TEST(Compare, FindingsComeFirst) {
  const auto before = unit({directive("A", Status::leaked), directive("B", Status::held)});
  const auto after = unit({directive("A", Status::held), directive("B", Status::leaked)});
  const auto changes = compare_units(before, after).changes;
  ASSERT_THAT(changes, SizeIs(2));
  EXPECT_EQ(changes[0].directive, "B");
}

}  // namespace
}  // namespace sandproof::regression
