#include "claim/testing.h"

#include <filesystem>
#include <memory>
#include <utility>

#include "claim/run.h"
#include "claim/suite.h"
#include "claim/verdicts.h"
#include "launch/stage.h"

namespace sandproof::testing {

namespace {

// One throwaway for all tests, booted with the first attempt and gone with the test program's end.
class Shared : public ::testing::Environment {
 public:
  void TearDown() override { run_.reset(); }

  Result<Square> square_of(const std::string& unit, const Attempt& attempt) {
    if (run_ == nullptr) {
      auto probes = launch::probes_on_this_machine();
      if (!probes) return probes.error();
      run_ = std::make_unique<claim::SuiteRun>(
          claim::Suite{},
          claim::RunOptions{*probes, [](const std::string&) { return boot_throwaway({}); }});
    }
    return run_->square_of(unit, attempt);
  }

 private:
  std::unique_ptr<claim::SuiteRun> run_;
};

Shared& shared() {
  // GoogleTest owns it.
  static auto* const environment = new Shared;
  static const auto* const registered = ::testing::AddGlobalTestEnvironment(environment);
  static_cast<void>(registered);
  return *environment;
}

class WeighedMatcher {
 public:
  using is_gtest_matcher = void;

  WeighedMatcher(Must must, int error, bool as_root) {
    claim_.must = must;
    if (error != 0) claim_.error = error;
    claim_.as_root = as_root;
  }

  bool MatchAndExplain(const Attempted& attempted, ::testing::MatchResultListener* listener) const {
    if (!attempted.error.empty()) {
      *listener << attempted.error;
      return false;
    }
    const auto weighed = claim::weigh(claim_, attempted.square, {});
    *listener << to_string(weighed.verdict) << ": " << weighed.evidence;
    return weighed.verdict == ClaimVerdict::confirmed;
  }
  void DescribeTo(std::ostream* stream) const { *stream << "is " << words(); }
  void DescribeNegationTo(std::ostream* stream) const { *stream << "is not " << words(); }

 private:
  std::string words() const {
    const std::string whom = claim_.as_root ? " to root" : " to the unit's user";
    return (claim_.must == Must::denied ? "denied" : "allowed") + whom + " by its sandbox";
  }

  claim::AttemptClaim claim_;
};

}  // namespace

void PrintTo(const Attempted& attempted, std::ostream* stream) {
  *stream << to_string(attempted.attempt);
}

UnitUnderTest unit(const std::string& path) { return UnitUnderTest(path); }

Attempted UnitUnderTest::make(const Attempt& attempt) const {
  std::error_code error;
  const auto path = unit_.find('/') == std::string::npos
                        ? unit_
                        : std::filesystem::absolute(unit_, error).string();
  const auto square = shared().square_of(path, attempt);
  return square ? Attempted{attempt, *square, {}} : Attempted{attempt, {}, square.error().message};
}

::testing::Matcher<const Attempted&> IsDenied(int error) {
  return WeighedMatcher(Must::denied, error, false);
}
::testing::Matcher<const Attempted&> IsDeniedToRoot(int error) {
  return WeighedMatcher(Must::denied, error, true);
}
::testing::Matcher<const Attempted&> IsAllowed() { return WeighedMatcher(Must::allowed, 0, false); }
::testing::Matcher<const Attempted&> IsAllowedToRoot() {
  return WeighedMatcher(Must::allowed, 0, true);
}

}  // namespace sandproof::testing
