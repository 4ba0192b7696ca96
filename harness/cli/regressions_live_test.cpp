// The formats, the baseline, the waivers and diff, through the program as it is called.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "testing/folder.h"
#include "testing/ran.h"

namespace sandproof {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;
using testing_support::Ran;

const std::string program = std::string(SANDPROOF_BINARY_DIR) + "/sandproof";
const std::string testdata = SANDPROOF_SOURCE_DIR "/harness/report/testdata/";

constexpr auto holds =
    "[Service]\nExecStart=/bin/true\nProtectClock=yes\nNoNewPrivileges=yes\nUser=nobody\n";
constexpr auto weaker =
    "[Service]\nExecStart=/bin/true\nNoNewPrivileges=no\nProtectClok=yes\nUser=nobody\n";

class RegressionRuns : public testing_support::InFolder {
 protected:
  std::string content(const std::string& name) const {
    std::ifstream stream(path(name));
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  Ran check(std::vector<std::string> options) const {
    options.insert(options.begin(), {"check", "--manager", "throwaway"});
    return testing_support::run(program, options);
  }
};

TEST_F(RegressionRuns, EveryFormatIsWrittenFromOneRun) {
  const auto unit = file("a.service", holds);
  const auto ran = check({unit, "--format", "text", "--format", "json=" + path("j"), "--format",
                          "junit=" + path("x"), "--format", "sarif=" + path("s"), "--format",
                          "tap=" + path("t"), "--format", "markdown=" + path("m"), "--format",
                          "html=" + path("h"), "--format", "github=" + path("g")});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_THAT(ran.out, testing::ContainsRegex("[0-9] directives: [0-9] held\n"));
  EXPECT_THAT(content("j"), HasSubstr("\"sandproof/check/1\""));
  EXPECT_THAT(content("x"), StartsWith("<?xml"));
  EXPECT_THAT(content("s"), HasSubstr("\"semanticVersion\""));
  EXPECT_THAT(content("t"), AllOf(StartsWith("TAP version 13\n1.."),
                                  HasSubstr("\nok 1 - a.service: ProtectClock=yes held\n")));
  EXPECT_THAT(content("m"), StartsWith("## sandproof\n"));
  EXPECT_THAT(content("h"), AllOf(HasSubstr("<td class=\"number\">4</td>"),
                                  HasSubstr("<code>ProtectClock=yes</code>")));
  EXPECT_EQ(content("g"), "");
}

TEST_F(RegressionRuns, ABaselineKnowsWhatGotWorse) {
  const auto unit = file("a.service", holds);
  const auto baseline = path("base.json");
  EXPECT_EQ(check({unit, "--baseline", baseline, "--update-baseline"}).status, 0);
  EXPECT_EQ(check({unit, "--baseline", baseline}).status, 0);

  file("a.service", weaker);
  const auto worse = check({unit, "--baseline", baseline});
  EXPECT_EQ(worse.status, 1) << worse.err;
  EXPECT_THAT(worse.out, AllOf(HasSubstr("ProtectClock is gone: was held in the baseline"),
                               HasSubstr("was held in the baseline\n")));

  // What the baseline has, it excuses, the misspelt directive too.
  EXPECT_EQ(check({unit, "--baseline", baseline, "--update-baseline"}).status, 0);
  const auto known = check({unit, "--baseline", baseline});
  EXPECT_EQ(known.status, 0) << known.out;
  EXPECT_THAT(known.out, HasSubstr("was ignored in the baseline"));
}

TEST_F(RegressionRuns, AWaiverExcusesAFindingUntilItsDay) {
  const auto unit = file("a.service", weaker);
  EXPECT_EQ(check({unit}).status, 1);
  EXPECT_EQ(check({unit, "--fail-on", "leaked,bypassed"}).status, 0);
  const std::string waiver = "[Waiver]\nUnit=a.service\nDirective=ProtectClok\nReason=known\n";
  const auto waived = check({unit, "--waivers", file("w", waiver)});
  EXPECT_EQ(waived.status, 0) << waived.out;
  EXPECT_THAT(waived.out, HasSubstr("waived: known"));
  const auto expired = check({unit, "--waivers", file("w", waiver + "Until=2001-01-01\n")});
  EXPECT_EQ(expired.status, 1);
  EXPECT_THAT(expired.out, HasSubstr("an expired waiver"));
}

TEST_F(RegressionRuns, BadInputIsOneSentenceBeforeAnythingIsRun) {
  const auto unit = file("a.service", holds);
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"--format", "xml"}, "--format: \"xml\" is none of text, json, "},
      {{"--format", "json", "--format", "tap"}, "json and tap both go to standard output"},
      {{"--format", "json=" + path("o"), "--format", "tap=" + path("o")},
       "both go to " + path("o")},
      {{"--fail-on", "leaky"}, "--fail-on: \"leaky\" is none of "},
      {{"--baseline", path("none")}, "cannot read " + path("none") + ": No such file"},
      {{"--baseline", folder_.string()}, "cannot read " + folder_.string() + ": Is a directory"},
      {{"--baseline", file("b", "{}")}, path("b") + ": the result: has no \"schema\""},
      {{"--waivers", path("none")}, "cannot read " + path("none") + ": No such file"},
      {{"--waivers", file("w", "[Waiver]\nUnti=1\n")}, path("w") + ":2: unknown key Unti="},
  };
  for (const auto& [options, sentence] : cases) {
    auto all = options;
    all.push_back(unit);
    const auto ran = check(all);
    EXPECT_EQ(ran.status, 2) << sentence;
    EXPECT_EQ(ran.out, "") << sentence;
    EXPECT_THAT(ran.err, HasSubstr(sentence));
  }
}

TEST_F(RegressionRuns, OnlyAClaimThatGotWorseThanTheBaselineIsAFinding) {
  file("a.service", holds);
  const auto suite = file("a.suite",
                          "[Suite]\nUnit=./a.service\nDocument=x\n"
                          "[Claim]\nId=a.clock\nSays=x\nSource=x\nProperty=ProtectClock\nIs=yes\n"
                          "[Claim]\nId=a.home\nSays=x\nSource=x\nProperty=ProtectHome\nIs=yes\n");
  const auto claims = [&](std::vector<std::string> options) {
    options.insert(options.begin(), {"claims", "--manager", "throwaway", suite});
    return testing_support::run(program, options);
  };
  const auto baseline = path("base.json");
  EXPECT_EQ(claims({}).status, 1);
  EXPECT_EQ(claims({"--baseline", baseline}).status, 2);
  EXPECT_EQ(claims({"--baseline", baseline, "--update-baseline"}).status, 0);
  const auto known = claims({"--baseline", baseline});
  EXPECT_EQ(known.status, 0) << known.out;
  EXPECT_THAT(known.out, HasSubstr("was refuted in the baseline"));

  file("a.service", weaker);
  const auto worse = claims({"--baseline", baseline});
  EXPECT_EQ(worse.status, 1);
  EXPECT_THAT(worse.out, AllOf(HasSubstr("refuted    ! a.clock"),
                               HasSubstr("expected confirmed: was confirmed in the baseline")));

  file("a.service", std::string(holds) + "ProtectHome=yes\n");
  const auto better = claims({"--baseline", baseline});
  EXPECT_EQ(better.status, 0) << better.out;
}

TEST_F(RegressionRuns, DiffTellsWhatChangedFromOneResultToAnother) {
  const auto diff = [&](const std::string& before, const std::string& after,
                        const std::vector<std::string>& options = {}) {
    std::vector<std::string> all = {"diff", testdata + before, testdata + after};
    all.insert(all.end(), options.begin(), options.end());
    return testing_support::run(program, all);
  };
  const auto same = diff("one-unit.json", "one-unit.json");
  EXPECT_EQ(same.status, 0) << same.err;
  EXPECT_EQ(same.out, "No directive has changed.\n");

  const auto worse = diff("one-unit.json", "baseline.json");
  EXPECT_EQ(worse.status, 1);
  EXPECT_THAT(worse.out,
              AllOf(HasSubstr("worse   relay.service  ProtectSystem  held → unproven\n"
                              "        units/relay.service:20: could not be tried"),
                    HasSubstr("gone    relay.service  ReadWritePaths  was overblocked\n")));

  const auto better = diff("baseline.json", "one-unit.json", {"--format", "json"});
  EXPECT_THAT(better.out, AllOf(HasSubstr("\"sandproof/diff/1\""), HasSubstr("\"better\"")));

  const auto bad = diff("one-unit.json", "every-status.txt");
  EXPECT_EQ(bad.status, 2);
  EXPECT_THAT(bad.err, HasSubstr("every-status.txt: no JSON"));
}

}  // namespace
}  // namespace sandproof
