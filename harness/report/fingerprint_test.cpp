#include "report/fingerprint.h"

#include <gmock/gmock.h>

namespace sandproof::report {
namespace {

using testing::ElementsAre;

// The vectors are those that GitHub's action is tested with.
TEST(LineHashes, AreThoseOfGitHubsAction) {
  EXPECT_THAT(line_hashes(" a\nb\n  \t\tc\n d"),
              ElementsAre("271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1",
                          "a23a3dc5e078b07b:1"));
  EXPECT_THAT(line_hashes(" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End"),
              ElementsAre("8b7cf3e952e7aeb2:1", "b1ae1287ec4718d9:1", "bff680108adb0fcc:1",
                          "c6805c5e1288b612:1", "b86d3392aea1be30:1", "e6ceba753e1a442:1"));
}

TEST(LineHashes, EveryKindOfLineEndIsTheSame) {
  const auto unix = line_hashes("a\nb\nc");
  EXPECT_EQ(line_hashes("a\r\nb\r\nc"), unix);
  EXPECT_EQ(line_hashes("a\rb\rc"), unix);
}

TEST(LineHashes, LinesThatReadTheSameAreCounted) {
  const std::string line = std::string(120, 'x') + "\n";
  const auto hashes = line_hashes(line + line);
  EXPECT_EQ(hashes.at(0), hashes.at(1).substr(0, hashes[1].size() - 1) + "1");
}

TEST(LineHashes, BrokenUtf8IsNoHarm) {
  EXPECT_EQ(line_hashes("\xff\xe2\x82\nb\xf0\x9f").size(), 2U);
}

TEST(Fingerprint, DependsOnWhereAPartEnds) {
  EXPECT_NE(fingerprint({"ab", "c"}), fingerprint({"a", "bc"}));
  EXPECT_EQ(fingerprint({"relay.service", "ProtectSystem"}).size(), 16U);
}

}  // namespace
}  // namespace sandproof::report
