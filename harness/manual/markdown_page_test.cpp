#include "manual/markdown_page.h"

#include <gtest/gtest.h>

namespace sandproof::manual {
namespace {

TEST(MarkdownPage, HeadingsAreSectionsAndTheTitleIsTheDescription) {
  EXPECT_EQ(
      page_of_markdown("# Suites\n\nWhat\nit is.\n\nMore.\n\n## `[Claim]`\n\n### Steps\n\nx\n"),
      ".SH \"DESCRIPTION\"\nWhat\nit is.\n.PP\nMore.\n"
      ".SH \"\\fB[Claim]\\fR\"\n.SS \"Steps\"\nx\n");
}

TEST(MarkdownPage, ARowIsAnItem) {
  EXPECT_EQ(page_of_markdown("| key | with | |\n|---|---|---|\n| `A=` | `B=x\\|y` | says |\n"
                             "| `C=` | | so |\n"),
            ".TP\n\\fBA=\\fR\nwith \\fBB=x|y\\fR: says\n.TP\n\\fBC=\\fR\nso\n");
}

TEST(MarkdownPage, CodeStaysAsItIs) {
  EXPECT_EQ(page_of_markdown("```ini\n[Claim]\n.x\n```\n"),
            ".PP\n.RS 4\n.nf\n[Claim]\n\\&.x\n.fi\n.RE\n");
}

TEST(MarkdownPage, ListsAreBulleted) {
  EXPECT_EQ(page_of_markdown("- *a*\n- **b**\n"),
            ".IP \\(bu 2\n\\fIa\\fR\n.IP \\(bu 2\n\\fBb\\fR\n");
}

TEST(MarkdownPage, ASectionIsFoundByItsHeading) {
  const std::string text = "# T\n\n## A\n\na\n\n## B\n\nb\n";
  EXPECT_EQ(section_of_markdown(text, "A"), "## A\n\na\n\n");
  EXPECT_EQ(section_of_markdown(text, "B"), "## B\n\nb\n");
  EXPECT_EQ(section_of_markdown(text, "C"), "");
}

}  // namespace
}  // namespace sandproof::manual
