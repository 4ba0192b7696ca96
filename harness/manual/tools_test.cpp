// The manual before its readers: mandoc and man-db, and the three shells with the completion in
// them. scripts/setup --tests installs them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/program.h"
#include "base/text.h"

namespace sandproof::manual {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;

const std::string folder = std::string(SANDPROOF_BINARY_DIR) + "/manual/";

class Pages : public testing::TestWithParam<const char*> {};

std::string said(const Result<std::string>& result) {
  return result ? *result : "FAILED: " + result.error().message;
}

TEST_P(Pages, MandocHasNothingToWarnOf) {
  EXPECT_EQ(said(run_program("mandoc", {"-T", "lint", "-W", "warning", folder + GetParam()})), "");
}

TEST_P(Pages, ManHasNothingToWarnOf) {
  const auto shown = run_program(
      "sh", {"-c", "LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -l \"$1\" 2>&1 >/dev/null", "sh",
             folder + GetParam()});
  EXPECT_EQ(said(shown), "");
}

INSTANTIATE_TEST_SUITE_P(Manual, Pages,
                         testing::Values("sandproof.1", "sandproof.suite.5", "sandproof-probes.7"));

TEST(Lint, FindsWhatIsWrong) {
  const auto lint = run_program("mandoc", {"-T", "lint", "-W", "warning"}, ".TH X 1\n.PP\n.XX\n");
  ASSERT_FALSE(lint);
}

// What bash offers for the words of a line, the last of which is being typed.
std::vector<std::string> bash_offers(const std::vector<std::string>& line) {
  const std::string script =
      "source \"$1\"; shift; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _sandproof; "
      "((${#COMPREPLY[@]} == 0)) || printf '%s\\n' \"${COMPREPLY[@]}\"";
  std::vector<std::string> arguments = {"--norc", "-c", script, "bash", folder + "sandproof.bash"};
  arguments.insert(arguments.end(), line.begin(), line.end());
  return split(trim(said(run_program("bash", arguments))), '\n');
}

TEST(Bash, OffersCommandsOptionsAndValues) {
  EXPECT_THAT(bash_offers({"sandproof", "ch"}), ElementsAre("check"));
  EXPECT_THAT(bash_offers({"sandproof", ""}),
              AllOf(IsSupersetOf({"check", "claims", "list", "--version"})));
  EXPECT_THAT(bash_offers({"sandproof", "check", "--abl"}), ElementsAre("--ablate"));
  EXPECT_THAT(bash_offers({"sandproof", "diff", "--abl"}), ElementsAre(""));
  EXPECT_THAT(bash_offers({"sandproof", "check", "--format", "j"}), ElementsAre("json", "junit"));
  EXPECT_THAT(bash_offers({"sandproof", "check", "--manager", "="}),
              ElementsAre("host", "throwaway"));
  EXPECT_THAT(bash_offers({"sandproof", "check", "--manager", "=", "h"}), ElementsAre("host"));
  EXPECT_THAT(bash_offers({"sandproof", "check", "x.service", "--fail-on", "l"}),
              ElementsAre("leaked"));
}

TEST(Bash, OffersFilesFoldersAndCommands) {
  const std::string top = SANDPROOF_SOURCE_DIR;
  EXPECT_THAT(bash_offers({"sandproof", "check", top + "/units/runw"}),
              Contains(top + "/units/runwisp.service"));
  EXPECT_THAT(bash_offers({"sandproof", "check", "--root", top + "/har"}),
              ElementsAre(top + "/harness"));
  EXPECT_THAT(bash_offers({"sandproof", "throwaway", "--", "systemd-ru"}), Contains("systemd-run"));
}

std::vector<std::string> fish_offers(const std::string& line) {
  const auto offered =
      run_program("fish", {"--no-config", "-c",
                           "source $argv[1]; complete -C $argv[2] | string split -f1 \\t; true",
                           folder + "sandproof.fish", line});
  return split(trim(said(offered)), '\n');
}

TEST(Fish, OffersCommandsOptionsAndValues) {
  EXPECT_THAT(fish_offers("sandproof ch"), ElementsAre("check"));
  EXPECT_THAT(fish_offers("sandproof "), AllOf(Contains("check"), Contains("claims")));
  EXPECT_THAT(fish_offers("sandproof check --abla"), ElementsAre("--ablate"));
  EXPECT_THAT(fish_offers("sandproof diff --abl"), ElementsAre(""));
  EXPECT_THAT(fish_offers("sandproof check --format=j"),
              ElementsAre("--format=json", "--format=junit"));
  EXPECT_THAT(fish_offers("sandproof check --manager h"), ElementsAre("host"));
}

TEST(Fish, OffersFilesAndFolders) {
  const std::string top = SANDPROOF_SOURCE_DIR;
  EXPECT_THAT(fish_offers("sandproof check " + top + "/units/runw"),
              Contains(top + "/units/runwisp.service"));
  EXPECT_THAT(fish_offers("sandproof check --root " + top + "/har"),
              ElementsAre(top + "/harness/"));
}

// What becomes of a line when a person presses Tab at its end: zsh itself, on a terminal.
std::string zsh_makes(const std::string& line) {
  const std::string script = R"zsh(
    zmodload zsh/zpty
    read_until() { seen=; while zpty -r z chunk; do seen+=$chunk; [[ $seen == *$1* ]] && break; done }
    zpty z 'zsh -f -i'
    zpty -w z "fpath=($1 \$fpath); autoload -U compinit; compinit -D -u"
    zpty -w z 'tell() { zle complete-word; print -r -- "<<$BUFFER"">>" }; zle -N tell'
    zpty -w z "bindkey '^I' tell; print rea''dy"
    read_until ready
    zpty -w -n z "$2"$'\t'
    read_until '>>'
    print -r -- "${${seen##*<<}%%>>*}"
  )zsh";
  return said(run_program("zsh", {"-f", "-c", script, "zsh", folder, line}));
}

TEST(Zsh, CompletesCommandsOptionsAndValues) {
  EXPECT_EQ(zsh_makes("sandproof ch"), "sandproof check \n");
  EXPECT_EQ(zsh_makes("sandproof check --abl"), "sandproof check --ablate \n");
  EXPECT_EQ(zsh_makes("sandproof diff --abl"), "sandproof diff --abl\n");
  EXPECT_EQ(zsh_makes("sandproof check --manager=h"), "sandproof check --manager=host \n");
  EXPECT_EQ(zsh_makes("sandproof check --format t"), "sandproof check --format t\n");
  EXPECT_EQ(zsh_makes("sandproof check --format te"), "sandproof check --format text \n");
}

TEST(Zsh, CompletesFilesAndFolders) {
  const std::string top = SANDPROOF_SOURCE_DIR;
  EXPECT_EQ(zsh_makes("sandproof check " + top + "/units/runwisp.serv"),
            "sandproof check " + top + "/units/runwisp.service \n");
  EXPECT_EQ(zsh_makes("sandproof check --root " + top + "/har"),
            "sandproof check --root " + top + "/harness/\n");
}

}  // namespace
}  // namespace sandproof::manual
