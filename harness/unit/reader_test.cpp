#include "unit/reader.h"

#include <gtest/gtest.h>

namespace sandproof::unit {
namespace {

struct Case {
  const char* finding;
  std::string text;
  // "SECTION|NAME|VALUE|FIRST-LAST" for each assignment; "!" where there is no '='.
  std::vector<std::string> assignments;
};

std::vector<std::string> written(const std::vector<Assignment>& assignments) {
  std::vector<std::string> result;
  result.reserve(assignments.size());
  for (const auto& a : assignments) {
    result.push_back(a.section + "|" + a.name + "|" + (a.has_equals ? a.value : "!") + "|" +
                     std::to_string(a.line) + "-" + std::to_string(a.last_line));
  }
  return result;
}

class Reading : public testing::TestWithParam<Case> {};

TEST_P(Reading, IsAsSystemdReads) {
  EXPECT_EQ(written(read_assignments(GetParam().text)), GetParam().assignments)
      << GetParam().finding;
}

INSTANTIATE_TEST_SUITE_P(
    UnitFiles, Reading,
    testing::Values(
        Case{"an empty file says nothing", "", {}},
        Case{"one assignment", "[Service]\nUser=a\n", {"Service|User|a|2-2"}},
        Case{"no end of the last line", "[Service]\nUser=a", {"Service|User|a|2-2"}},
        Case{"spaces around everything",
             "  [Service]  \n\t User \t=  a b \t\n",
             {"Service|User|a b|2-2"}},
        Case{"comments are whole lines", "[Service]\n# User=a\n ; User=b\n", {}},
        Case{"a comment after a value is part of it",
             "[Service]\nProtectHome=yes # not /root\n",
             {"Service|ProtectHome|yes # not /root|2-2"}},
        Case{"a backslash continues, with a space",
             "[Service]\nExecStart=/bin/a \\\n    b\\\n  c\nUser=d\n",
             {"Service|ExecStart|/bin/a      b   c|2-4", "Service|User|d|5-5"}},
        Case{"comments do not end a continuation",
             "[Service]\nReadWritePaths=/a \\\n# why\n/b\n",
             {"Service|ReadWritePaths|/a  /b|2-4"}},
        Case{"a comment is never continued", "[Service]\n# a \\\nUser=b\n", {"Service|User|b|3-3"}},
        Case{"two backslashes continue nothing",
             "[Service]\nUser=a\\\\\nGroup=b\n",
             {"Service|User|a\\\\|2-2", "Service|Group|b|3-3"}},
        Case{"the file ends in a continuation", "[Service]\nUser=a \\", {"Service|User|a|2-2"}},
        Case{"a section comes again",
             "[Service]\nUser=a\n[Unit]\nAfter=b\n[Service]\nUser=\n",
             {"Service|User|a|2-2", "Unit|After|b|4-4", "Service|User||6-6"}},
        Case{"before the first section", "User=a\n[Service]\n", {"|User|a|1-1"}},
        Case{"no equals sign", "[Service]\nProtectHome yes\n", {"Service|ProtectHome yes|!|2-2"}},
        Case{"the first equals sign counts",
             "[Service]\nEnvironment=A=B=C\n",
             {"Service|Environment|A=B=C|2-2"}},
        Case{"a header without its end is no header",
             "[Service]\n[Install\nUser=a\n",
             {"Service|[Install|!|2-2", "Service|User|a|3-3"}},
        Case{"lines end as on Windows",
             "[Service]\r\nUser=a\r\nGroup=b \\\r\nc\r\n",
             {"Service|User|a|2-2", "Service|Group|b  c|3-4"}},
        Case{"a byte order mark", "\xef\xbb\xbf[Service]\nUser=a\n", {"Service|User|a|2-2"}}));

}  // namespace
}  // namespace sandproof::unit
