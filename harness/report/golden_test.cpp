// The reports as a reader sees them, against the files in testdata/.

#include "report/golden.h"

#include <gtest/gtest.h>

#include <vector>

#include "report/github.h"
#include "report/html.h"
#include "report/json.h"
#include "report/junit.h"
#include "report/markdown.h"
#include "report/sarif.h"
#include "report/tap.h"
#include "report/text.h"

namespace sandproof::report {
namespace {

TEST(GoldenReport, TextTellsEveryStatus) {
  expect_golden("every-status.txt", text_report(every_status(), {}));
}

TEST(GoldenReport, TextFitsANarrowTerminal) {
  expect_golden("every-status-80.txt", text_report(every_status(), {false, false, 80}));
}

TEST(GoldenReport, TextOnAWideTerminalNamesEveryFile) {
  expect_golden("every-status-160.txt", text_report(every_status(), {false, false, 160}));
}

TEST(GoldenReport, TextWithColours) {
  expect_golden("every-status-colour.txt", text_report(every_status(), {true, false, 100}));
}

TEST(GoldenReport, VerboseTextHasEverySquare) {
  expect_golden("every-status-verbose.txt", text_report(every_status(), {false, true, 100}));
}

TEST(GoldenReport, TextOfAnAblation) {
  expect_golden("all-held.txt", text_report(all_held(), {false, true, 100}));
}

TEST(GoldenReport, JsonOfOneUnit) {
  expect_golden("one-unit.json", json_report(std::vector{every_status()}));
}

TEST(GoldenReport, JsonOfSeveralUnits) {
  expect_golden("several-units.json", json_report(std::vector{every_status(), all_held()}));
}

TEST(GoldenReport, TextOfABaselineAndWaivers) {
  expect_golden("baseline.txt", text_report(against_a_baseline(), {}));
}

TEST(GoldenReport, JsonOfABaselineAndWaivers) {
  expect_golden("baseline.json", json_report(std::vector{against_a_baseline()}));
}

std::vector<CheckResult> several() { return {every_status(), all_held(), against_a_baseline()}; }

// Where the golden results' relative paths are at home.
const Checkout checkout{"/home/dev/project", "/home/dev/project"};

TEST(GoldenReport, JUnit) { expect_golden("several-units.xml", junit_report(several())); }

TEST(GoldenReport, Tap) { expect_golden("several-units.tap", tap_report(several())); }

TEST(GoldenReport, GitHub) {
  expect_golden("several-units.github", github_report(several(), checkout));
}

TEST(GoldenReport, Markdown) { expect_golden("several-units.md", markdown_report(several())); }

TEST(GoldenReport, HtmlOfAUnitWithFindings) {
  expect_golden("one-unit.html", html_report(std::vector{every_status()}));
}

TEST(GoldenReport, HtmlOfAUnitWithout) {
  expect_golden("all-held.html", html_report(std::vector{all_held()}));
}

TEST(GoldenReport, HtmlOfSeveralUnits) {
  expect_golden("several-units.html", html_report(several()));
}

TEST(GoldenReport, Sarif) {
  expect_golden("several-units.sarif", sarif_report(several(), {"0.1.0", checkout}));
}

}  // namespace
}  // namespace sandproof::report
