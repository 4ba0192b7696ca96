#include "claim/suite.h"

#include <gmock/gmock.h>

#include <cerrno>
#include <fstream>

#include "claim/words.h"

namespace sandproof::claim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

const std::vector<std::string> probes = {"fs-write", "set-time"};

constexpr auto clock_claim =
    "[Claim]\nId=x.clock\nSays=no clock\nSource=table\nAttempt=set-time\nMust=denied\n";

Result<Suite> parse(const std::string& text) { return parse_suite(text, "x.suite", probes); }

std::string error_of(const std::string& text) {
  const auto suite = parse(text);
  return suite ? "no error" : suite.error().message;
}

std::string claim_with(const std::string& lines) {
  return "[Suite]\nUnit=x.service\n[Claim]\nId=x.a\nSays=a\nSource=b\n" + lines;
}

TEST(Suite, AStanzaIsAClaim) {
  const auto suite = parse(std::string("# why\n[Suite]\nUnit=x.service\nDocument=the page\n\n") +
                           clock_claim + "By=ProtectClock\n");
  ASSERT_TRUE(suite) << suite.error().message;
  EXPECT_EQ(suite->name, "x");
  EXPECT_EQ(suite->document, "the page");
  ASSERT_EQ(suite->claims.size(), 1U);
  const auto& claim = suite->claims[0];
  EXPECT_EQ(claim.id, "x.clock");
  EXPECT_EQ(claim.unit, "x.service");
  EXPECT_EQ(claim.line, 6);
  const auto& attempt = std::get<AttemptClaim>(claim.kind);
  EXPECT_EQ(attempt.attempt.probe, "set-time");
  EXPECT_EQ(attempt.must, Must::denied);
  EXPECT_THAT(attempt.by, ElementsAre("ProtectClock"));
}

TEST(Suite, RepeatedSectionsAreAList) {
  const auto suite = parse(std::string("[Suite]\nUnit=x.service\n") + clock_claim +
                           "[Claim]\nId=x.2\nSays=b\nSource=c\nAttempt=fs-write /etc\n"
                           "Must=denied EROFS\nAs=root\n");
  ASSERT_TRUE(suite) << suite.error().message;
  ASSERT_EQ(suite->claims.size(), 2U);
  const auto& attempt = std::get<AttemptClaim>(suite->claims[1].kind);
  EXPECT_EQ(attempt.error, EROFS);
  EXPECT_TRUE(attempt.as_root);
}

TEST(Suite, ALineGoesOnAfterABackslash) {
  const auto suite =
      parse(claim_with("Syscall=ptrace \\\n  # a comment between\n  kcmp\nIn=@debug\n"));
  ASSERT_TRUE(suite) << suite.error().message;
  EXPECT_THAT(std::get<SyscallClaim>(suite->claims[0].kind).calls, ElementsAre("ptrace", "kcmp"));
}

TEST(Suite, EveryMistakeIsToldWithItsLine) {
  const std::string suite = "[Suite]\nUnit=x.service\n";
  const struct {
    std::string text;
    const char* error;
  } cases[] = {
      {"", "x.suite: a suite without a [Claim]"},
      {suite, "x.suite: a suite without a [Claim]"},
      {"Unit=x\n", "x.suite:1: a key before the first section"},
      {"[Suite\n", "x.suite:1: a section is [NAME]"},
      {"[Suit]\n", "x.suite:1: [Suit] is none of [Suite], [File], [Claim]"},
      {"[Suite]\nUnit\n", "x.suite:2: neither [SECTION] nor KEY=VALUE"},
      {"[Suite]\nUnt=x\n", "x.suite:2: Unt= is no key of [Suite]; did you mean Unit=?"},
      {"[Suite]\nUnit=a\nUnit=b\n", "x.suite:3: Unit= is there twice"},
      {"[Suite]\n[Suite]\n", "x.suite:2: a second [Suite]"},
      {"[Suite]\nUnit=\n", "x.suite:2: Unit= is empty"},
      {"[Suite]\nSystemd=new\n", "x.suite:2: Systemd=new is not a version of systemd"},
      {"[Suite]\nUnit=\xff\xfe\n", "x.suite:2: not UTF-8 text"},
      {std::string("[Suite]\nUnit=a\0b\n", 18), "x.suite:2: not UTF-8 text"},
      {suite + "[Claim]\nSays=a\nSource=b\nAttempt=set-time\nMust=denied\n",
       "x.suite:3: a [Claim] without Id="},
      {suite + clock_claim + clock_claim, "x.suite:10: Id=x.clock is that of the claim in line 3"},
      {clock_claim, "x.suite:1: a claim about a unit needs Unit="},
      {claim_with(""), "x.suite:3: a [Claim] has one of Attempt=, Property="},
      {claim_with("Attempt=set-time\nMust=denied\nProperty=A\nIs=b\n"),
       "x.suite:3: a [Claim] has one of"},
      {claim_with("Attempt=fs-wirte /etc\nMust=denied\n"),
       "x.suite:7: there is no probe fs-wirte; did you mean fs-write?"},
      {claim_with("Attempt=fs-write ${root-pdi}\nMust=denied\n"),
       "x.suite:7: ${root-pdi} stands for nothing; did you mean ${root-pid}?"},
      {claim_with("Attempt=fs-write ${root-pid\nMust=denied\n"), "x.suite:7: ${root-pid"},
      {claim_with("Attempt=set-time\n"), "an attempt Must= be allowed, or denied"},
      {claim_with("Attempt=set-time\nMust=denied EWRONG\n"), "x.suite:8: EWRONG is no errno"},
      {claim_with("Attempt=set-time\nMust=denied\nAs=nobody\n"), "x.suite:9: As= is user or root"},
      {claim_with("Attempt=set-time\nMust=denied\nExpect=refuted\n"),
       "x.suite:9: Expect=refuted needs a Because="},
      {claim_with("Attempt=set-time\nMust=denied\nExpect=wrong\n"),
       "x.suite:9: Expect=wrong is not"},
      {claim_with("Property=User\n"), "x.suite:3: a Property= needs Is= or Has="},
      {claim_with("Path=etc\n"), "x.suite:3: Path= is not absolute"},
      {claim_with("Path=/etc\nMode=0999\n"), "x.suite:8: Mode=0999 is not an octal mode"},
      {claim_with("Lifecycle=stopp\n"),
       "x.suite:7: stopp is no step of a Lifecycle; did you mean stop?"},
      {claim_with("Lifecycle=start\n"), "x.suite:3: no step of the Lifecycle= is a \"must …\""},
      {claim_with("Lifecycle=must take 2s\n"), "x.suite:7: 2s is no MIN..MAX"},
      {claim_with("Lifecycle=must kill SIGNONE\n"), "x.suite:7: SIGNONE is no signal"},
      {claim_with("Syscall=ptrace\n"), "x.suite:3: a Syscall= needs In=@GROUP"},
  };
  for (const auto& [text, error] : cases) EXPECT_THAT(error_of(text), HasSubstr(error)) << text;
}

TEST(Suite, AFileOfUnlikelySizeIsNotEvenRead) {
  const std::string path = testing::TempDir() + "/large.suite";
  std::ofstream(path) << "";
  std::filesystem::resize_file(path, 100 << 20);
  const auto suite = load_suite(path, probes);
  ASSERT_FALSE(suite);
  EXPECT_THAT(suite.error().message, HasSubstr("larger than 1 MiB"));
  EXPECT_EQ(suite.error().kind, Error::Kind::bad_input);
  std::filesystem::remove(path);
}

TEST(Suite, AUnitThatIsNotThereIsToldWithItsLine) {
  const std::string path = testing::TempDir() + "/no-unit.suite";
  std::ofstream(path) << "[Suite]\nUnit=./none.service\n" << clock_claim;
  const auto suite = load_suite(path, probes);
  ASSERT_FALSE(suite);
  EXPECT_THAT(suite.error().message, HasSubstr("no-unit.suite:3: there is no unit ./none.service"));
  std::filesystem::remove(path);
}

TEST(Suite, AFileThatIsNotThereIsBadInput) {
  const auto suite = load_suite("/nonexistent/x.suite", probes);
  ASSERT_FALSE(suite);
  EXPECT_THAT(suite.error().message, StartsWith("cannot read /nonexistent/x.suite"));
}

TEST(Suite, OurOwnSuitesAreRead) {
  const auto files = suite_files(SANDPROOF_SOURCE_DIR "/suites");
  ASSERT_TRUE(files) << files.error().message;
  std::size_t count = 0;
  for (const auto& file : *files) {
    const auto suite = load_suite(file, {});
    ASSERT_TRUE(suite) << suite.error().message;
    count += suite->claims.size();
  }
  EXPECT_GT(count, 150U);
}

TEST(Duration, IsReadAsSystemdReadsIt) {
  EXPECT_EQ(parse_duration("30s"), Microseconds(30'000'000));
  EXPECT_EQ(parse_duration("1min 30s"), Microseconds(90'000'000));
  EXPECT_EQ(parse_duration("5"), Microseconds(5'000'000));
  EXPECT_EQ(parse_duration("500ms"), Microseconds(500'000));
  EXPECT_EQ(parse_duration("infinity"), Microseconds::max());
  for (const char* text : {"", "s", "5 parsecs", "-1s", "nan", "inf", "1e9s", "99999999999h"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(Duration, IsToldAsSystemdTellsIt) {
  EXPECT_EQ(to_string(Microseconds(90'000'000)), "1min 30s");
  EXPECT_EQ(to_string(Microseconds(612'345)), "612ms");
  EXPECT_EQ(to_string(Microseconds(1'234'567)), "1.23s");
}

}  // namespace
}  // namespace sandproof::claim
