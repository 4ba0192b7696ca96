// Both sides of every guarantee: with the directive its attempts end as promised, and without it
// they end the other way. A pass that is empty would show here.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "check/check.h"
#include "guarantee/guarantee.h"
#include "testing/throwaway.h"

namespace sandproof {
namespace {

// A unit of units/flips, and how its directive is expected to come out.
struct Case {
  std::filesystem::path file;
  std::string directive;
  // By the first version of systemd.
  std::map<int, std::string> statuses;

  std::string status_on(int systemd) const {
    return std::prev(statuses.upper_bound(systemd))->second;
  }
};

void PrintTo(const Case& each, std::ostream* out) { *out << each.file.filename().string(); }

class Flip : public testing_support::OnThrowaway, public testing::WithParamInterface<Case> {
 protected:
  static CheckResult check(bool without_runner) {
    CheckOptions options;
    options.probes = testing_support::probes();
    options.without_runner = without_runner;
    auto result = check_unit(manager(), GetParam().file.string(), options);
    EXPECT_TRUE(result) << (result ? "" : result.error().message);
    return result ? *result : CheckResult();
  }
};

const DirectiveResult* result_of(const CheckResult& check, const std::string& directive) {
  for (const auto& result : check.directives) {
    if (result.directive.name == directive) return &result;
  }
  return nullptr;
}

TEST_P(Flip, HoldsWithTheDirectiveAndNotWithoutIt) {
  const auto check = Flip::check(false);
  const auto* result = result_of(check, GetParam().directive);
  ASSERT_NE(result, nullptr);
  EXPECT_EQ(to_string(result->status), GetParam().status_on(manager().facts().systemd))
      << result->reason;
  for (const auto& attempt : check.attempts) {
    if (attempt.must == Must::allowed || attempt.judgement.verdict != Verdict::held) continue;
    // The bare cells are the same unit without the directive.
    EXPECT_TRUE(attempt.square.bare_user.is_allowed() || attempt.square.bare_root.is_allowed())
        << to_string(attempt.attempt);
  }
}

TEST_P(Flip, EndsTheSameInAUnitOfItsOwn) {
  const auto with_runner = Flip::check(false);
  const auto without = Flip::check(true);
  ASSERT_EQ(with_runner.attempts.size(), without.attempts.size());
  for (std::size_t i = 0; i < without.attempts.size(); ++i) {
    const auto& one = with_runner.attempts[i];
    const auto& other = without.attempts[i];
    EXPECT_EQ(one.attempt.probe, other.attempt.probe);
    for (const Cell cell : all_cells) {
      EXPECT_EQ(to_string(one.square[cell]), to_string(other.square[cell]))
          << to_string(one.attempt) << " in " << to_string(cell);
    }
  }
}

std::string without_last(std::string word) {
  if (!word.empty()) word.pop_back();
  return word;
}

// "# ProtectSystem= is held." in the first line; in the second "# From 257 on it is leaked.", or
// something else.
Case case_of(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::string hash;
  std::string word;
  std::string directive;
  std::string status;
  stream >> hash >> directive >> word >> status;
  Case result{file, without_last(directive), {{0, without_last(status)}}};
  int version = 0;
  if (stream >> hash >> word && word == "From" &&
      stream >> version >> word >> word >> word >> status) {
    result.statuses[version] = without_last(status);
  }
  return result;
}

std::vector<Case> cases() {
  std::vector<Case> all;
  const auto folder = std::filesystem::path(SANDPROOF_SOURCE_DIR) / "units/flips";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".service") all.push_back(case_of(entry.path()));
  }
  std::sort(all.begin(), all.end(), [](const Case& a, const Case& b) { return a.file < b.file; });
  return all;
}

std::string name_of(const testing::TestParamInfo<Case>& info) {
  std::string name = info.param.file.stem().string();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Guarantee, Flip, testing::ValuesIn(cases()), name_of);

}  // namespace
}  // namespace sandproof
