// The reports as a reader sees them, against the files in testdata/.

#include <gtest/gtest.h>

#include <vector>

#include "report/golden.h"
#include "report/json.h"
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

}  // namespace
}  // namespace sandproof::report
