#include "report/json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <vector>

namespace sandproof::report {
namespace {

using nlohmann::json;

json report_of(const std::vector<CheckResult>& results) {
  return json::parse(json_report(results));
}

TEST(JsonReport, OneUnitIsTheObjectItself) {
  CheckResult result;
  result.unit = "a.service";
  const auto report = report_of({result});
  EXPECT_EQ(report["schema"], "sandproof/check/1");
  EXPECT_EQ(report["unit"]["name"], "a.service");
  EXPECT_FALSE(report.contains("units"));
}

TEST(JsonReport, SeveralUnitsAreAList) {
  CheckResult a;
  a.unit = "a.service";
  CheckResult b;
  b.unit = "b.service";
  const auto report = report_of({a, b});
  EXPECT_EQ(report["schema"], "sandproof/check/1");
  EXPECT_EQ(report["units"][1]["unit"]["name"], "b.service");
}

TEST(JsonReport, NoUnitIsAnEmptyList) { EXPECT_EQ(report_of({})["units"], json::array()); }

TEST(JsonReport, AnEmptyListIsAListAndNotNull) {
  const auto report = report_of({CheckResult{}});
  for (const char* key : {"directives", "attempts", "exempt", "notes", "not_of_the_sandbox"}) {
    EXPECT_EQ(report[key], json::array()) << key;
  }
  EXPECT_EQ(report["unit"]["prepared"], json::array());
}

TEST(JsonReport, EveryStatusIsInTheSummary) {
  CheckResult result;
  result.directives.resize(2);  // a directive is `no-probe` until something is known of it
  const auto summary = report_of({result})["summary"];
  EXPECT_EQ(summary.size(), 9U);
  EXPECT_EQ(summary["no_probe"], 2);
  EXPECT_EQ(summary["held"], 0);
}

TEST(JsonReport, AblationIsThereOnlyWhereItWasDone) {
  CheckResult result;
  result.directives.resize(1);
  result.attempts.resize(1);
  EXPECT_FALSE(report_of({result})["directives"][0].contains("load"));
  EXPECT_FALSE(report_of({result})["attempts"][0].contains("carried_by"));

  result.directives[0].load = Load::shared;
  result.attempts[0].carried_by.emplace();
  EXPECT_EQ(report_of({result})["directives"][0]["load"], "shared");
  EXPECT_EQ(report_of({result})["attempts"][0]["carried_by"], json::array());
}

TEST(JsonReport, BytesThatAreNotUtf8DoNotBreakIt) {
  CheckResult result;
  result.directives.resize(1);
  result.directives[0].directive.value = "caf\xe9\x1b";
  EXPECT_EQ(report_of({result})["directives"][0]["value"], "caf\uFFFD\x1b");
}

}  // namespace
}  // namespace sandproof::report
