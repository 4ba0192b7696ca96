// sandproof-suites: every claim of every suite as a GoogleTest test of its own, so that filters,
// shards, repetition, shuffling and reports are those that everybody knows.

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "claim/run.h"
#include "claim/suite.h"
#include "launch/stage.h"
#include "manager/manager.h"

namespace {

using sandproof::ClaimResult;
using sandproof::ClaimVerdict;
namespace claim = sandproof::claim;

// The run of the suite under way: a manager lasts as long as GoogleTest stays with one suite.
class ClaimTest : public testing::Test {
 public:
  ClaimTest(const claim::Suite& suite, const claim::Claim& claim,
            const std::filesystem::path& probes)
      : suite_(suite), claim_(claim), probes_(probes) {}

  static void TearDownTestSuite() { run_.reset(); }

  void TestBody() override {
    if (run_ == nullptr) {
      run_ = std::make_unique<claim::SuiteRun>(
          suite_,
          claim::RunOptions{probes_, [](const std::string& root) {
                              return sandproof::boot_throwaway({.root = root.empty() ? "/" : root});
                            }});
    }
    const auto result = run_->run(claim_);
    RecordProperty("verdict", to_string(result.verdict));
    RecordProperty("evidence", result.evidence);
    if (!result.is_as_expected()) {
      // In CI what could not be tried has failed, and ctest does not see a skip in this program.
      const bool may_skip = !result.is_finding(false) && std::getenv("CI") == nullptr;
      if (may_skip) GTEST_SKIP() << told(result);
      ADD_FAILURE_AT(suite_.file.c_str(), claim_.line) << told(result);
    }
  }

 private:
  static std::string told(const ClaimResult& result) {
    std::string text = result.says + "\n" + to_string(result.verdict) + ": " + result.evidence;
    if (!result.because.empty()) {
      text += "\nexpected " + to_string(result.expected) + ": " + result.because;
    }
    return text;
  }

  static inline std::unique_ptr<claim::SuiteRun> run_;
  const claim::Suite& suite_;
  const claim::Claim& claim_;
  const std::filesystem::path& probes_;
};

// "runwisp.home-ssh" is the test "home_ssh" of "runwisp".
std::string test_name(const claim::Suite& suite, const claim::Claim& claim) {
  const std::string prefix = suite.name + ".";
  std::string name = claim.id.starts_with(prefix) ? claim.id.substr(prefix.size()) : claim.id;
  // GoogleTest takes a dash in a filter for the beginning of what is left out.
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

void register_suite(const claim::Suite& suite, const std::filesystem::path& probes) {
  for (const auto& claim : suite.claims) {
    testing::RegisterTest(
        suite.name.c_str(), test_name(suite, claim).c_str(), nullptr, claim.says.c_str(),
        suite.file.c_str(), claim.line,
        [&suite, &claim, &probes]() -> ClaimTest* { return new ClaimTest(suite, claim, probes); });
  }
}

int fail(const sandproof::Error& error) {
  std::cerr << "sandproof-suites: " << error.message << '\n';
  return static_cast<int>(error.kind);
}

constexpr const char* usage =
    "usage: sandproof-suites [--suites DIR|SUITE]… [GOOGLETEST-OPTION…]\n";

// What GoogleTest has left of the command line.
bool read_arguments(int argc, char** argv, std::vector<std::filesystem::path>& paths) {
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--suites" && i + 1 < argc) {
      paths.emplace_back(argv[++i]);
    } else if (argument.starts_with("--suites=")) {
      paths.emplace_back(argument.substr(std::strlen("--suites=")));
    } else {
      return false;
    }
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  testing::InitGoogleTest(&argc, argv);
  std::vector<std::filesystem::path> paths;
  if (!read_arguments(argc, argv, paths)) {
    std::cerr << usage;
    return 2;
  }
  if (paths.empty()) paths.emplace_back(SANDPROOF_SUITES);
  const auto probes = sandproof::launch::probes_on_this_machine();
  if (!probes) return fail(probes.error());
  const auto names = claim::probe_names(*probes);
  // Tests hold on to them: no reallocation once the first is registered.
  std::vector<std::unique_ptr<const claim::Suite>> suites;
  for (const auto& path : paths) {
    const auto files = claim::suite_files(path);
    if (!files) return fail(files.error());
    for (const auto& file : *files) {
      auto suite = claim::load_suite(file, names);
      if (!suite) return fail(suite.error());
      suites.push_back(std::make_unique<const claim::Suite>(*std::move(suite)));
    }
  }
  for (const auto& suite : suites) register_suite(*suite, *probes);
  return RUN_ALL_TESTS();
}
