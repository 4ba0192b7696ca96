#include "report/layout.h"

#include <gmock/gmock.h>

namespace sandproof::report {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Printable, NothingInAUnitFileSteersTheTerminal) {
  EXPECT_EQ(printable("a\x1b[2Jb"), "a\\x1b[2Jb");
  EXPECT_EQ(printable("two\nlines\ttab\r\x7f"), "two\\nlines\\ttab\\x0d\\x7f");
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a\\x00b");
}

TEST(Printable, TheEightBitControlsAreControlsToo) {
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "\\x9b31m");
}

TEST(Printable, MarksThatReorderTextAreShown) {
  EXPECT_EQ(printable("/etc/\u202egnp.exe"), "/etc/\\u202egnp.exe");
  EXPECT_EQ(printable("zero\u200bwidth"), "zero\\u200bwidth");
}

TEST(Printable, BytesThatAreNotUtf8AreShownAsBytes) {
  EXPECT_EQ(printable("\xff\xfe"), "\\xff\\xfe");
  EXPECT_EQ(printable("cut off \xe2\x80"), "cut off \\xe2\\x80");
  EXPECT_EQ(printable("\xc3("), "\\xc3(");
}

TEST(Printable, WritingIsKept) { EXPECT_EQ(printable("/srv/müller/日本/…"), "/srv/müller/日本/…"); }

TEST(Cut, AListIsCutBetweenItsWords) {
  EXPECT_EQ(cut("RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX", 44),
            "RestrictAddressFamilies=AF_INET AF_INET6 …");
}

TEST(Cut, AWordThatIsTooLongIsCutInside) {
  EXPECT_EQ(cut("ReadWritePaths=/srv/a-rather-long-folder", 20), "ReadWritePaths=/srv…");
  EXPECT_EQ(cut("a /srv/a-rather-long-folder", 12), "a /srv/a-ra…");
}

TEST(Cut, WhatFitsIsLeftAlone) {
  EXPECT_EQ(cut("ProtectSystem=strict", 20), "ProtectSystem=strict");
  EXPECT_EQ(cut("ünïcödé", 7), "ünïcödé");
  EXPECT_EQ(cut("ünïcödé", 6), "ünïcö…");
}

TEST(Wrap, LinesBreakAtSpaces) {
  EXPECT_THAT(wrap("one two three", 8), ElementsAre("one two", "three"));
  EXPECT_THAT(wrap("", 8), IsEmpty());
}

TEST(Wrap, APathStaysWhole) {
  EXPECT_THAT(wrap("in /srv/a-rather-long-folder now", 8),
              ElementsAre("in", "/srv/a-rather-long-folder", "now"));
}

}  // namespace
}  // namespace sandproof::report
