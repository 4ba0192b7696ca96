// That no directive of the running systemd is left out, as its users would see it.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "testing/ran.h"

namespace sandproof {
namespace {

TEST(Coverage, EveryDirectiveOfTheRunningSystemdHasAGuaranteeOrAReason) {
  const std::string program = std::string(SANDPROOF_BINARY_DIR) + "/sandproof";
  const auto ran = testing_support::run(
      program, {"list", "--coverage", "--format", "json", "--manager", "throwaway"});
  ASSERT_EQ(ran.status, 0) << ran.err;
  const auto coverage = nlohmann::json::parse(ran.out)["coverage"]["directives"];
  int covered = 0;
  for (const auto& directive : coverage) {
    const auto status = directive["status"].get<std::string>();
    EXPECT_NE(status, "not covered") << directive;
    if (status == "untestable") {
      EXPECT_NE(directive["reason"].get<std::string>(), "") << directive;
    }
    if (status == "covered") ++covered;
  }
  EXPECT_GT(covered, 80);
}

}  // namespace
}  // namespace sandproof
