#include "manual/roff.h"

#include <gtest/gtest.h>

namespace sandproof::manual {
namespace {

TEST(Roff, TakesNothingOfATextForItsOwn) {
  EXPECT_EQ(roff("a\\b --c `d' ~^"), "a\\eb \\-\\-c \\(gad\\(aq \\(ti\\(ha");
  EXPECT_EQ(text_line(".conf files"), "\\&.conf files\n");
  EXPECT_EQ(text_line("a .conf file"), "a .conf file\n");
}

TEST(Roff, APageBeginsWithItsName) {
  EXPECT_EQ(head_of({"a-b", 7, "say \"no\"", "2026-11-21", "a 1"}),
            ".TH \"A\\-B\" 7 2026-11-21 \"a 1\"\n.SH \"NAME\"\na\\-b \\- say \"no\"\n");
}

}  // namespace
}  // namespace sandproof::manual
