#include "base/text.h"

#include <gmock/gmock.h>

namespace sandproof {
namespace {

using testing::ElementsAre;

TEST(Text, TrimTakesWhiteSpaceFromBothEndsOnly) {
  EXPECT_EQ(trim("  a b\t\n"), "a b");
  EXPECT_EQ(trim(" \t"), "");
}

TEST(Text, WordsAreWhatStandsBetweenWhiteSpace) {
  EXPECT_THAT(words(" AF_INET\tAF_UNIX "), ElementsAre("AF_INET", "AF_UNIX"));
  EXPECT_THAT(words("  "), ElementsAre());
}

TEST(Text, SplitKeepsEmptyFields) { EXPECT_THAT(split("a::b", ':'), ElementsAre("a", "", "b")); }

TEST(Text, NearestFindsTheMisspeltName) {
  const std::vector<std::string> names = {"ProtectHome", "ProtectSystem", "PrivateTmp"};
  EXPECT_EQ(nearest("ProtectSytem", names), "ProtectSystem");
  EXPECT_EQ(nearest("PrivateTemp", names), "PrivateTmp");
}

TEST(Text, NearestFindsNothingForAWordOfItsOwn) {
  EXPECT_EQ(nearest("Frobnicate", {"ProtectHome", "PrivateTmp"}), "");
}

TEST(Text, ShellQuoteLeavesPlainWordsAndQuotesTheRest) {
  EXPECT_EQ(shell_quote("-p"), "-p");
  EXPECT_EQ(shell_quote("a b"), "'a b'");
  EXPECT_EQ(shell_quote("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_quote("$HOME"), "'$HOME'");
  EXPECT_EQ(shell_quote(""), "''");
}

TEST(Text, TextIsUtf8WithoutControlCharacters) {
  EXPECT_TRUE(is_text("[Service]\n# größer\n"));
  EXPECT_FALSE(
      is_text(std::string_view("\x7f"
                               "ELF\x02\x01\x01\0",
                               8)));
  EXPECT_FALSE(is_text("\xff\xfe"));
  EXPECT_FALSE(is_text("cut off \xc3"));
}

}  // namespace
}  // namespace sandproof
