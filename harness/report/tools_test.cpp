// Each format before the judge that its readers use: xmllint, a JSON schema's validator, prove, a
// Markdown renderer and a browser. scripts/setup --tests installs them.

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/program.h"
#include "base/text.h"
#include "report/github.h"
#include "report/golden.h"
#include "report/html.h"
#include "report/json.h"
#include "report/junit.h"
#include "report/markdown.h"
#include "report/page.h"
#include "report/sarif.h"
#include "report/tap.h"

namespace sandproof::report {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string testdata = SANDPROOF_SOURCE_DIR "/harness/report/testdata/";
// Debian's, which has Debian's modules; another may be first in $PATH.
constexpr auto python = "/usr/bin/python3";

std::vector<CheckResult> everything() {
  return {every_status(), all_held(), against_a_baseline(), hostile()};
}

bool is_there(const std::string& program) {
  return run_program(program, {"--version"}).has_value();
}

class File {
 public:
  File(const std::string& name, const std::string& content) {
    std::string folder = std::filesystem::temp_directory_path() / "sandproof-report-XXXXXX";
    folder_ = mkdtemp(folder.data());
    path_ = folder_ / name;
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~File() {
    std::error_code error;
    std::filesystem::remove_all(folder_, error);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  std::string path() const { return path_; }
  std::filesystem::path folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
  std::filesystem::path path_;
};

std::string said(const Result<std::string>& result) {
  return result ? *result : "FAILED: " + result.error().message;
}

bool has_failed(const Result<std::string>& result) { return !result.has_value(); }

class JUnitTool : public testing::Test {
 protected:
  void SetUp() override {
    if (!is_there("xmllint")) GTEST_SKIP() << "there is no xmllint: scripts/setup --tests";
  }

  static Result<std::string> validate(const std::string& report) {
    const File file("report.xml", report);
    return run_program("xmllint", {"--noout", "--schema", testdata + "junit.xsd", file.path()});
  }

  static std::string at(const std::string& report, const std::string& xpath) {
    const File file("report.xml", report);
    return std::string(trim(said(run_program("xmllint", {"--xpath", xpath, file.path()}))));
  }
};

TEST_F(JUnitTool, EveryReportIsValid) {
  EXPECT_FALSE(has_failed(validate(junit_report({}))));
  for (const auto& result : everything()) {
    const auto valid = validate(junit_report(std::vector{result}));
    EXPECT_FALSE(has_failed(valid)) << said(valid);
  }
  EXPECT_FALSE(has_failed(validate(junit_report(everything()))));
}

TEST_F(JUnitTool, TheSchemaRefusesWhatNoReaderKnows) {
  auto report = junit_report(std::vector{all_held()});
  report.replace(report.find("<testcase"), 9, "<testcas ");
  EXPECT_TRUE(has_failed(validate(report)));
}

TEST_F(JUnitTool, TheTotalsAreThoseOfTheCases) {
  const auto report = junit_report(everything());
  for (const auto& [attribute, cases] :
       {std::pair{"tests", "//testcase"}, {"failures", "//failure"}, {"skipped", "//skipped"}}) {
    EXPECT_EQ(at(report, std::string("string(/testsuites/@") + attribute + ")"),
              at(report, std::string("count(") + cases + ")"))
        << attribute;
  }
}

TEST_F(JUnitTool, TextOfAUnitStaysText) {
  const auto report = junit_report(std::vector{hostile()});
  EXPECT_EQ(at(report, "count(//script)"), "0");
  EXPECT_THAT(at(report, "string(//testsuite/@name)"), HasSubstr("]]>\"'&<!--"));
}

class SarifTool : public testing::Test {
 protected:
  void SetUp() override {
    if (has_failed(run_program(python, {"-c", "import jsonschema"}))) {
      GTEST_SKIP() << "there is no python3-jsonschema: scripts/setup --tests";
    }
  }

  // The schema of the standard itself is looked at too, where someone has it at hand.
  static Result<std::string> validate(const std::string& report) {
    const File file("report.sarif", report);
    std::vector<std::string> schemas = {testdata + "sarif.schema.json"};
    if (const char* standard = std::getenv("SANDPROOF_SARIF_SCHEMA"))
      schemas.emplace_back(standard);
    for (const auto& schema : schemas) {
      const auto valid = run_program(
          python, {"-W", "ignore", "-m", "jsonschema", "--instance", file.path(), schema});
      if (!valid) return valid.error().with_prefix(schema);
    }
    return std::string();
  }

  const SarifOptions options_{"0.1.0", {"/home/dev/project", "/home/dev/project/units"}};
};

TEST_F(SarifTool, EveryReportIsValid) {
  EXPECT_FALSE(has_failed(validate(sarif_report({}, options_))));
  for (const auto& result : everything()) {
    const auto valid = validate(sarif_report(std::vector{result}, options_));
    EXPECT_FALSE(has_failed(valid)) << said(valid);
  }
  EXPECT_FALSE(has_failed(validate(sarif_report(everything(), options_))));
}

TEST_F(SarifTool, TheSchemaRefusesWhatNoReaderKnows) {
  auto report = nlohmann::json::parse(sarif_report(everything(), options_));
  report["runs"][0]["results"][0]["line"] = 3;
  EXPECT_TRUE(has_failed(validate(report.dump())));
}

TEST_F(SarifTool, ARunOfTooManyResultsKeepsTheWorstAndSaysSo) {
  CheckResult result = every_status();
  const auto ignored = result.directives.at(10);
  ASSERT_EQ(ignored.status, Status::ignored);
  result.directives.insert(result.directives.begin(), 6000, ignored);
  const auto text = sarif_report(std::vector{result}, options_);
  const auto valid = validate(text);
  EXPECT_FALSE(has_failed(valid)) << said(valid);
  const auto run = nlohmann::json::parse(text)["runs"][0];
  EXPECT_EQ(run["results"].size(), 5000U);
  EXPECT_EQ(run["results"][0]["ruleId"], "RestrictFileSystems");
  EXPECT_EQ(run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"],
            "1004 more results are left out");
  EXPECT_LT(text.size(), 10U * 1024 * 1024);
}

class TapTool : public testing::Test {
 protected:
  void SetUp() override {
    if (!is_there("prove")) GTEST_SKIP() << "there is no prove: it comes with perl";
  }

  static Result<std::string> prove(const std::string& report) {
    const File file("report.tap", report);
    return run_program("prove", {"--merge", "--exec", "cat", file.path()});
  }
};

TEST_F(TapTool, AUnitThatHoldsPasses) {
  const auto passed = prove(tap_report(std::vector{all_held()}));
  ASSERT_FALSE(has_failed(passed)) << said(passed);
  EXPECT_THAT(*passed, HasSubstr("Tests=2"));
}

TEST_F(TapTool, AFindingFails) {
  EXPECT_TRUE(has_failed(prove(tap_report(std::vector{every_status()}))));
}

TEST_F(TapTool, AWaivedFindingAndWhatIsUnprovenPass) {
  auto result = every_status();
  for (auto& directive : result.directives) {
    if (directive.is_finding()) directive.standing = {Standing::Kind::excused, "waived: known"};
  }
  const auto passed = prove(tap_report(std::vector{result}));
  EXPECT_FALSE(has_failed(passed)) << said(passed);
}

TEST_F(TapTool, NoUnitAtAllIsSkipped) {
  const auto passed = prove(tap_report({}));
  EXPECT_FALSE(has_failed(passed)) << said(passed);
}

TEST_F(TapTool, NothingOfAUnitIsALineOfItsOwn) {
  auto result = hostile();
  result.further.clear();
  for (auto& directive : result.directives) directive.standing = {Standing::Kind::excused, "x # y"};
  const auto passed = prove(tap_report(std::vector{result}));
  ASSERT_FALSE(has_failed(passed)) << said(passed);
  EXPECT_THAT(*passed, HasSubstr("Tests=4"));
}

class MarkdownTool : public testing::Test {
 protected:
  void SetUp() override {
    if (!is_there("cmark-gfm")) GTEST_SKIP() << "there is no cmark-gfm: scripts/setup --tests";
  }

  // As HTML, with what HTML the Markdown has let through.
  static std::string render(const std::string& report) {
    const File file("report.md", report);
    return said(
        run_program("cmark-gfm", {"--unsafe", "-e", "table", "-e", "autolink", file.path()}));
  }
};

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t number = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++number;
  return number;
}

TEST_F(MarkdownTool, EveryRowOfTheTableHasItsFiveCells) {
  for (const auto& result : everything()) {
    const auto html = render(markdown_report(std::vector{result}));
    EXPECT_EQ(count(html, "<td>"), 5 * result.directives.size()) << html;
    EXPECT_EQ(count(html, "<table>"), 1U) << html;
  }
}

TEST_F(MarkdownTool, TextOfAUnitStaysText) {
  const auto html = render(markdown_report(std::vector{hostile()}));
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("<!--")));
  EXPECT_THAT(html, HasSubstr("&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;"));
  EXPECT_EQ(count(html, "<pre>"), 1U) << "the reproduce line, which none of its backticks ends";
}

TEST(Markdown, NeverOutgrowsAStepsSummary) {
  const std::vector<CheckResult> many(1000, every_status());
  const auto report = markdown_report(many);
  EXPECT_LT(report.size(), 1024U * 1024);
  EXPECT_THAT(report, HasSubstr(" units are left out: too long for a summary.**\n"));
  EXPECT_LT(markdown_report(many, 5000).size(), 5000U);
}

TEST(GitHub, EveryLineIsAWorkflowCommand) {
  const Checkout checkout{"/home/dev/project", "/home/dev/project"};
  const std::regex command(
      "::(error|warning|notice) (file=[^:,]+,(line=[0-9]+,)?)?title=[^:,]+::[^\\r\\n]*");
  auto lines = split(github_report(everything(), checkout), '\n');
  ASSERT_EQ(lines.back(), "");
  lines.pop_back();
  EXPECT_FALSE(lines.empty());
  for (const auto& line : lines) EXPECT_TRUE(std::regex_match(line, command)) << line;
}

TEST(GitHub, NeverMoreThanTenOfAKindAndTheWorstFirst) {
  auto result = every_status();
  const auto ignored = result.directives.at(10);
  const auto overblocked = result.directives.at(2);
  ASSERT_EQ(overblocked.status, Status::overblocked);
  result.directives.insert(result.directives.begin(), 20, ignored);
  result.directives.insert(result.directives.begin(), 9, overblocked);
  const auto report = github_report(std::vector{result}, {});
  EXPECT_EQ(count(report, "::error "), 10U);
  EXPECT_EQ(count(report, "::warning "), 10U);
  EXPECT_THAT(report,
              HasSubstr("::error title=sandproof::and 14 more of this kind: see the report"));
  EXPECT_THAT(report, Not(HasSubstr("::warning title=sandproof::and")));
  EXPECT_LT(report.find("leaked"), report.find("ignored"));
}

TEST(RepositoryPath, IsRelativeToTheCheckoutAndElseAbsolute) {
  const Checkout checkout{"/home/dev/project", "/home/dev/project/units"};
  EXPECT_EQ(repository_path(checkout, "a.service"), "units/a.service");
  EXPECT_EQ(repository_path(checkout, "./x/../a.service"), "units/a.service");
  EXPECT_EQ(repository_path(checkout, "../other/a.service"), "other/a.service");
  EXPECT_EQ(repository_path(checkout, "/home/dev/project/a.service"), "a.service");
  EXPECT_EQ(repository_path(checkout, "/etc/systemd/system/a.service"),
            "/etc/systemd/system/a.service");
  EXPECT_EQ(repository_path(checkout, "../../elsewhere/a.service"),
            "/home/dev/elsewhere/a.service");
}

class HtmlTool : public testing::Test {
 protected:
  void SetUp() override {
    for (const auto* name : {"chromium-headless-shell", "chromium", "google-chrome"}) {
      if (is_there(name)) browser_ = name;
      if (!browser_.empty()) return;
    }
    GTEST_SKIP() << "there is no Chromium: scripts/setup --tests";
  }

  // The page after its script has run.
  std::string open(const std::string& page, const std::vector<std::string>& options) const {
    const File file("report.html", page);
    // Root has no sandbox of Chromium's.
    std::vector<std::string> arguments = {"--headless", "--no-sandbox", "--disable-gpu",
                                          "--user-data-dir=" + (file.folder() / "profile").string(),
                                          "--dump-dom"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    arguments.push_back("file://" + file.path());
    return said(run_program(browser_, arguments, {}, std::chrono::seconds(60)));
  }

  // What a script finds in the page with everything in it opened. The page's own policy would not
  // let it run.
  nlohmann::json measure(std::string page, const std::vector<std::string>& options) const {
    const std::string policy = "Content-Security-Policy";
    page.replace(page.find(policy), policy.size(), "policy");
    const std::string end = "</body>";
    page.replace(page.rfind(end), end.size(), R"(<pre id="measured"></pre><script>
      for (const one of document.querySelectorAll('details')) one.open = true;
      for (const one of document.querySelectorAll('section')) one.hidden = false;
      document.getElementById('measured').textContent = JSON.stringify({
        overflow: document.documentElement.scrollWidth - innerWidth,
        width: innerWidth,
        background: getComputedStyle(document.body).backgroundColor,
        loaded: performance.getEntriesByType('resource').length,
        scripts: document.scripts.length - 1,
        elements: document.querySelectorAll('[onerror],[onload],iframe,img,object,link').length,
        copy: document.querySelectorAll('.copy:not([hidden])').length,
      });
    </script></body>)");
    const auto dom = open(page, options);
    const std::string start = "<pre id=\"measured\">";
    const auto from = dom.find(start);
    if (from == std::string::npos) return {{"failed", dom}};
    const auto text = dom.substr(from + start.size());
    return nlohmann::json::parse(text.substr(0, text.find('<')));
  }

 private:
  std::string browser_;
};

TEST_F(HtmlTool, ThePolicyLetsThePagesOwnScriptRunAndTabsShowOneUnit) {
  const auto dom = open(html_report(everything()), {});
  EXPECT_EQ(count(dom, "aria-selected=\"true\""), 1U) << dom.substr(0, 2000);
  EXPECT_EQ(count(dom, "aria-labelledby=\"unit-1-tab\" hidden"), 0U);
  EXPECT_EQ(count(dom, "aria-labelledby=\"unit-2-tab\" hidden"), 1U);
}

TEST_F(HtmlTool, ThePolicyLetsNoOtherScriptRun) {
  auto page = html_report(std::vector{all_held()});
  const std::string end = "</body>";
  page.replace(page.rfind(end), end.size(),
               "<script>document.body.id='owned'</script>"
               "<img src=x onerror=\"document.body.id='owned'\"></body>");
  EXPECT_THAT(open(page, {}), Not(HasSubstr("<body id=\"owned\"")));
}

TEST_F(HtmlTool, APhoneShowsItWithoutScrollingSideways) {
  const auto page = measure(html_report(everything()), {"--window-size=360,800"});
  EXPECT_EQ(page["width"], 360) << page;
  EXPECT_LE(page["overflow"], 0) << page;
}

TEST_F(HtmlTool, InTheDarkItIsDark) {
  const auto report = html_report(std::vector{all_held()});
  // Blink's own names for the two: 0 is dark, 1 is light.
  EXPECT_EQ(measure(report, {"--blink-settings=preferredColorScheme=0"})["background"],
            "rgb(20, 23, 27)");
  EXPECT_EQ(measure(report, {"--blink-settings=preferredColorScheme=1"})["background"],
            "rgb(255, 255, 255)");
}

TEST_F(HtmlTool, TextOfAUnitStaysTextAndNothingIsLoaded) {
  const auto page = measure(html_report(std::vector{hostile()}), {});
  EXPECT_EQ(page["loaded"], 0) << page;
  EXPECT_EQ(page["scripts"], 1) << page;
  EXPECT_EQ(page["elements"], 0) << page;
  EXPECT_EQ(page["copy"], 1) << page;
}

TEST(HtmlPolicy, NamesTheStyleAndTheScriptAsTheyAre) {
  for (const auto& [text, digest] :
       {std::pair{page_style, page_style_digest}, std::pair{page_script, page_script_digest}}) {
    const auto computed = run_program(
        python,
        {"-c",
         "import base64, hashlib, sys; print('sha256-' + "
         "base64.b64encode(hashlib.sha256(sys.stdin.buffer.read()).digest()).decode(), end='')"},
        std::string(text));
    ASSERT_FALSE(has_failed(computed)) << said(computed);
    EXPECT_EQ(*computed, digest);
  }
}

TEST(EveryFormat, LeavesNoControlCharacterInItsText) {
  const std::vector<CheckResult> results = {hostile()};
  const Checkout checkout{"/home/dev/project", "/home/dev/project"};
  for (const auto& report : {junit_report(results), tap_report(results),
                             github_report(results, checkout), markdown_report(results),
                             sarif_report(results, {"0.1.0", checkout}), html_report(results)}) {
    EXPECT_TRUE(is_text(report)) << report;
    EXPECT_EQ(report.find('\r'), std::string::npos) << report;
    EXPECT_EQ(report.find("\u202e"), std::string::npos) << report;
  }
}

}  // namespace
}  // namespace sandproof::report
