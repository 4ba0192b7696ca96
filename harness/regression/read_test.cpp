#include "regression/read.h"

#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "report/json.h"

namespace sandproof::regression {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;

std::string golden(const std::string& name) {
  std::ifstream file(SANDPROOF_SOURCE_DIR "/harness/report/testdata/" + name);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

std::string error_of(const std::string& text) {
  const auto results = read_results(text, "old.json");
  return results ? "no error" : results.error().message;
}

// What is said of a good result with the value at the pointer replaced.
std::string error_with(const std::string& pointer, const json& value) {
  auto document = json::parse(golden("one-unit.json"));
  document[json::json_pointer(pointer)] = value;
  return error_of(document.dump());
}

std::string error_without(const std::string& object, const std::string& key) {
  auto document = json::parse(golden("one-unit.json"));
  document[json::json_pointer(object)].erase(key);
  return error_of(document.dump());
}

TEST(ReadResults, WhatWasWrittenIsReadBackWhole) {
  for (const auto* name : {"one-unit.json", "several-units.json", "baseline.json"}) {
    const auto text = golden(name);
    ASSERT_FALSE(text.empty()) << name;
    const auto results = read_results(text, name);
    ASSERT_TRUE(results) << results.error().message;
    EXPECT_EQ(report::json_report(*results), text) << name;
  }
}

TEST(ReadResults, NoUnitsAreNoResults) {
  const auto results = read_results(report::json_report({}), "old.json");
  ASSERT_TRUE(results);
  EXPECT_TRUE(results->empty());
}

TEST(ReadResults, AKeyOfANewerWriterIsPassedOver) {
  EXPECT_EQ(error_with("/attempts/0/colour", "red"), "no error");
}

TEST(ReadResults, WhatIsNoJsonIsToldWithItsLine) {
  EXPECT_THAT(error_of("{\n  \"schema\": oops\n}"), StartsWith("old.json: no JSON at line 2, "));
  EXPECT_THAT(error_of(""), StartsWith("old.json: no JSON"));
  EXPECT_THAT(error_of("\xff\xfe"), StartsWith("old.json: no JSON"));
}

TEST(ReadResults, AnotherSchemaIsToldByName) {
  EXPECT_EQ(error_with("/schema", "sandproof/claims/1"),
            "old.json: its schema is \"sandproof/claims/1\", not \"sandproof/check/1\"");
  EXPECT_EQ(error_of("{}"), "old.json: the result: has no \"schema\"");
  EXPECT_EQ(error_of("[]"), "old.json: the result: is not an object");
}

TEST(ReadResults, WhatIsMissingIsToldWithItsPlace) {
  EXPECT_EQ(error_without("/attempts/3", "verdict"), "old.json: attempts[3]: has no \"verdict\"");
  EXPECT_EQ(error_without("/attempts/0/cells", "bare_root"),
            "old.json: attempts[0].cells: has no \"bare_root\"");
  EXPECT_EQ(error_without("/unit", "user"), "old.json: unit: has no \"user\"");
  EXPECT_EQ(error_without("/attempts/7", "shut_by"), "old.json: attempts[7]: has no \"shut_by\"");
}

TEST(ReadResults, WhatIsWrongIsToldWithItsPlace) {
  const std::vector<std::pair<std::pair<std::string, json>, std::string>> cases = {
      {{"/manager/systemd", "252"}, "manager.systemd: is not a number that fits"},
      {{"/manager/systemd", -1}, "manager.systemd: is not a number that fits"},
      {{"/manager/systemd", 1e30}, "manager.systemd: is not a number that fits"},
      {{"/unit", json::array()}, "unit: is not an object"},
      {{"/directives", "none"}, "directives: is not a list"},
      {{"/directives/2/line", "20"}, "directives[2].line: is not a number that fits"},
      {{"/directives/2/name", nullptr}, "directives[2].name: is not a text"},
      {{"/attempts/1/args", {1, 2}}, "attempts[1].args[0]: is not a text"},
      {{"/attempts/1/must", "maybe"}, "attempts[1].must: \"maybe\" is none of denied, allowed"},
      {{"/attempts/1/door", "back"}, "attempts[1].door: \"back\" is none of front, side"},
      {{"/attempts/1/cells/bare_user", "denied EWHAT"},
       "attempts[1].cells.bare_user: \"denied EWHAT\" is no outcome"},
      {{"/attempts/1/verdict", "heldd"},
       "attempts[1].verdict: \"heldd\" is none of held, leaked, bypassed, overblocked, unproven, "
       "untestable"},
  };
  for (const auto& [change, message] : cases) {
    EXPECT_EQ(error_with(change.first, change.second), "old.json: " + message);
  }
}

TEST(ReadResults, AUnitOfSeveralIsNamedByItsPlace) {
  auto document = json::parse(golden("several-units.json"));
  document["units"][1]["directives"][0]["status"] = "fine";
  EXPECT_THAT(error_of(document.dump()),
              HasSubstr("old.json: units[1].directives[0].status: \"fine\" is none of leaked, "));
}

TEST(ReadResults, ADeepNestIsNoHarm) {
  const std::string deep(200000, '[');
  EXPECT_THAT(error_of(deep), StartsWith("old.json: no JSON"));
}

}  // namespace
}  // namespace sandproof::regression
