#include "claim/markdown.h"

#include <gmock/gmock.h>

namespace sandproof::claim {

// GoogleTest finds it by its name.
void PrintTo(const Mention& mention, std::ostream* stream) {
  *stream << mention.name << "=" << mention.value;
}

namespace {

using testing::ElementsAre;

MATCHER_P2(Names, name, value, "") {
  return arg.name == name && arg.value == value && arg.has_value;
}
MATCHER_P(OnlyNames, name, "") { return arg.name == name && !arg.has_value; }

std::vector<Mention> mentions_in(const std::string& page) {
  auto found = find_mentions(page);
  return found ? *std::move(found) : std::vector<Mention>();
}

TEST(Markdown, UnitTextInAFenceIsRead) {
  EXPECT_THAT(mentions_in("```ini\n[Service]\n# why\nProtectHome=true\nExecStart=/bin/x \\\n"
                          "  --port 1\n```\n"),
              ElementsAre(Names("ProtectHome", "true"), Names("ExecStart", "/bin/x --port 1")));
}

TEST(Markdown, InlineAssignmentsAreRead) {
  EXPECT_THAT(
      mentions_in("The unit uses `TimeoutStopSec=30s`, and `FLUXHEIM_CONFIG=x`, and a=b.\n"),
      ElementsAre(Names("TimeoutStopSec", "30s")));
}

TEST(Markdown, TablesOfDirectivesAreRead) {
  EXPECT_THAT(
      mentions_in("| Directive | Value | Effect |\n|---|---|---|\n"
                  "| `ProtectSystem` | `strict` | it is `EROFS` |\n"
                  "| User / Group | me | who |\n"),
      ElementsAre(Names("ProtectSystem", "strict"), Names("User", "me"), Names("Group", "me")));
  EXPECT_THAT(mentions_in("| Directive | Effect |\n|---|---|\n| `PrivateTmp=true` | own |\n"
                          "| `ReadWritePaths=…` | some |\n"),
              ElementsAre(Names("PrivateTmp", "true"), OnlyNames("ReadWritePaths")));
}

TEST(Markdown, NixAttributesAreRead) {
  EXPECT_THAT(
      mentions_in("```nix\nserviceConfig = {\n  ProtectClock = true;\n"
                  "  CapabilityBoundingSet = null;\n"
                  "  SystemCallFilter = [\n    \"~@clock\"\n    \"~@swap\"\n  ];\n};\n```\n"),
      ElementsAre(Names("ProtectClock", "true"), Names("CapabilityBoundingSet", ""),
                  Names("SystemCallFilter", "~@clock ~@swap")));
}

TEST(Markdown, AMentionWithAValueCountsForMore) {
  EXPECT_THAT(merge_mentions({{"User", "", false}, {"User", "x", true}, {"User", "y", true}}),
              ElementsAre(Names("User", "x")));
}

TEST(Markdown, BytesThatAreNoTextAreRefused) {
  EXPECT_FALSE(find_mentions("\xff\xfe"));
  EXPECT_TRUE(find_mentions(""));
}

}  // namespace
}  // namespace sandproof::claim
