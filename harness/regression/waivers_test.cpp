#include "regression/waivers.h"

#include <gmock/gmock.h>

#include "regression/units_for_tests.h"

namespace sandproof::regression {
namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::year;
using std::chrono::year_month_day;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr year_month_day today{year(2026), month(6), day(15)};

std::vector<Waiver> waivers(const std::string& text) {
  const auto result = parse_waivers(text, "w");
  EXPECT_TRUE(result) << result.error().message;
  return result ? *result : std::vector<Waiver>{};
}

std::string error_of(const std::string& text) {
  const auto result = parse_waivers(text, "w");
  if (result) return "no error";
  EXPECT_EQ(result.error().kind, Error::Kind::bad_input);
  return result.error().message;
}

TEST(ParseWaivers, AWaiverWithAllItCanSay) {
  const auto result = waivers(
      "# Known.\n; Known, too.\n\n  [Waiver]\r\nUnit = a@*.service\nDirective=ProtectHome\n"
      "Attempt=fs-list   /home\nReason=So = be it.\nUntil=2028-02-29\n");
  ASSERT_EQ(result.size(), 1U);
  EXPECT_EQ(result[0].unit, "a@*.service");
  EXPECT_EQ(result[0].directive, "ProtectHome");
  EXPECT_EQ(result[0].attempt, "fs-list /home");
  EXPECT_EQ(result[0].reason, "So = be it.");
  EXPECT_EQ(result[0].until, year_month_day(year(2028), month(2), day(29)));
  EXPECT_EQ(result[0].line, 4);
}

TEST(ParseWaivers, AnEmptyFileWaivesNothing) { EXPECT_THAT(waivers("\n# nothing\n"), IsEmpty()); }

TEST(ParseWaivers, WhatIsWrongIsToldWithItsLine) {
  const std::string good = "[Waiver]\nUnit=a\nDirective=A\nReason=r\n";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"Unit=a\n", "w:1: stands before the first [Waiver]"},
      {"\n[Claim]\n", "w:2: unknown section [Claim]: there is only [Waiver]"},
      {"[Waiver]\nDirective=A\nReason=r\n", "w:1: this waiver has no Unit="},
      {"[Waiver]\nUnit=a\nReason=r\n", "w:1: this waiver has no Directive= or Attempt="},
      {"[Waiver]\nUnit=a\nDirective=A\n\n" + good, "w:1: this waiver has no Reason="},
      {good + "Reasn=r\n", "w:5: unknown key Reasn=: is it Reason=?"},
      {good + "Colour=red\n",
       "w:5: unknown key Colour=: there are Unit=, Directive=, Attempt=, Reason=, Until="},
      {good + "Unit=b\n", "w:5: Unit= is given twice"},
      {good + "Until=\n", "w:5: Until= is empty"},
      {good + "Attempt=a \\\n", "w:5: a line of this file cannot be continued"},
      {good + "what\n", "w:5: neither [Waiver] nor KEY=VALUE"},
      {"[Waiver]\nUnit=a\x1b\n", "w: no text"},
      {"[Waiver]\nUnit=a\xff\n", "w: no text"},
  };
  for (const auto& [text, message] : cases) EXPECT_EQ(error_of(text), message);
}

TEST(ParseWaivers, ADayHasToBeOne) {
  for (const auto* date : {"2026-02-29", "2026-13-01", "2026-00-10", "26-01-01", "2026-1-1",
                           "2026/01/01", "2026-01-01T00:00", "+026-01-01", "soon", "-026-01-01"}) {
    EXPECT_EQ(error_of(std::string("[Waiver]\nUntil=") + date + "\n"),
              std::string("w:2: Until=") + date + " is no day of the form YYYY-MM-DD");
  }
}

std::string waiver(const std::string& what, const std::string& of = "a.service",
                   const std::string& until = "") {
  return "[Waiver]\nUnit=" + of + "\n" + what + "\nReason=known\n" +
         (until.empty() ? "" : "Until=" + until + "\n");
}

struct Waived {
  CheckResult result;
  std::vector<std::string> told;
};

Waived waived(CheckResult result, const std::string& text) {
  std::vector<CheckResult> results = {std::move(result)};
  auto told = waive(results, waivers(text), today);
  return {std::move(results[0]), std::move(told)};
}

TEST(Waive, ADirectivesFindingIsExcusedAndSaysWhy) {
  const auto [result, told] =
      waived(unit({directive("A", Status::leaked)}), waiver("Directive=A", "a.*", "2026-06-15"));
  EXPECT_FALSE(result.has_finding(false));
  EXPECT_EQ(result.directives[0].standing.because, "waived until 2026-06-15: known");
  EXPECT_THAT(told, IsEmpty());
}

TEST(Waive, AnExpiredWaiverWaivesNothingAndIsAFinding) {
  const auto [result, told] = waived(unit({directive("A", Status::leaked)}),
                                     waiver("Directive=A", "a.service", "2026-06-14"));
  EXPECT_TRUE(result.directives[0].is_finding());
  ASSERT_EQ(result.further.size(), 1U);
  EXPECT_EQ(result.further[0].title, "an expired waiver");
  EXPECT_EQ(result.further[0].text, "for A of a.service, until 2026-06-14: renew or remove it");
  EXPECT_EQ(result.further[0].file, "w");
  EXPECT_EQ(result.further[0].line, 1);
}

TEST(Waive, AWaiverThatWaivesNothingIsAFinding) {
  for (const auto* what : {"Directive=A", "Directive=B", "Attempt=fs-list /home"}) {
    const auto [result, told] = waived(
        unit({directive("A", Status::held)}, {attempt("A", {"fs-list", {"/home"}}, Verdict::held)}),
        waiver(what));
    ASSERT_EQ(result.further.size(), 1U) << what;
    EXPECT_EQ(result.further[0].title, "a waiver that waives nothing");
    EXPECT_TRUE(result.has_finding(false));
  }
}

TEST(Waive, OfAUnitThatWasNotCheckedNothingIsKnown) {
  const auto [result, told] =
      waived(unit({directive("A", Status::held)}), waiver("Directive=A", "b.service"));
  EXPECT_FALSE(result.has_finding(false));
  EXPECT_THAT(told,
              ElementsAre("w:1: the waiver for A of b.service is for no unit that was checked"));
}

TEST(Waive, EveryAttemptThatSpeaksAgainstADirectiveHasToBeWaived) {
  const auto leaky = unit({directive("A", Status::leaked)},
                          {attempt("A", {"fs-list", {"/home"}}, Verdict::leaked),
                           attempt("A", {"fs-list", {"/root"}}, Verdict::leaked),
                           attempt("A", {"fs-list", {"/run/user"}}, Verdict::held)});
  const auto one = waiver("Attempt=fs-list /home");
  EXPECT_TRUE(waived(leaky, one).result.directives[0].is_finding());
  EXPECT_THAT(waived(leaky, one).result.further, IsEmpty());
  const auto both = waived(leaky, one + waiver("Directive=A\nAttempt=fs-list /root"));
  EXPECT_FALSE(both.result.has_finding(false));
  EXPECT_FALSE(waived(leaky, waiver("Attempt=fs-list *")).result.has_finding(false));
}

TEST(Waive, AnAttemptIsWaivedOfTheNamedDirectiveAlone) {
  auto shared = attempt("A", {"fs-list", {"/home"}}, Verdict::leaked);
  shared.directives.emplace_back("B");
  const auto leaky =
      unit({directive("A", Status::leaked), directive("B", Status::leaked)}, {shared});
  const auto result = waived(leaky, waiver("Directive=A\nAttempt=fs-list /home")).result;
  EXPECT_FALSE(result.directives[0].is_finding());
  EXPECT_TRUE(result.directives[1].is_finding());
}

TEST(Waive, ADirectiveThatIsGoneCanBeWaivedAndIsTold) {
  auto result = unit({});
  result.further = {{"A is gone", "was held in the baseline", "a.service", 0, "A"}};
  const auto after = waived(result, waiver("Directive=A")).result;
  EXPECT_FALSE(after.has_finding(false));
  EXPECT_THAT(after.notes, ElementsAre("A is gone; waived: known"));
}

TEST(Waive, AWaiverOfWhatTheBaselineExcusesIsInUse) {
  auto result = unit({directive("A", Status::leaked)});
  result.directives[0].standing = {Standing::Kind::excused, "was leaked in the baseline"};
  EXPECT_THAT(waived(result, waiver("Directive=A")).result.further, IsEmpty());
}

TEST(Waive, NoWaiverWaivesAFindingAboutAWaiver) {
  const auto result =
      waived(unit({directive("A", Status::held)}), waiver("Directive=A") + waiver("Directive=B"))
          .result;
  EXPECT_EQ(result.further.size(), 2U);
}

}  // namespace
}  // namespace sandproof::regression
