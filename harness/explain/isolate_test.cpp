#include "explain/isolate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace sandproof::explain {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

std::vector<std::string> forty() {
  std::vector<std::string> names;
  for (int i = 10; i < 50; ++i) names.push_back("d" + std::to_string(i));
  return names;
}

// A unit that starts where all of one of these sets is gone.
struct Unit {
  std::vector<Names> cures;
  Names needed;  // and without these it never starts
  int trials = 0;
  int rounds = 0;

  bool starts_without(const Names& gone) const {
    const auto includes = [&gone](const Names& cure) {
      return std::includes(gone.begin(), gone.end(), cure.begin(), cure.end());
    };
    return std::any_of(cures.begin(), cures.end(), includes) &&
           std::none_of(needed.begin(), needed.end(),
                        [&gone](const std::string& name) { return gone.contains(name); });
  }
  Experiment experiment() {
    return [this](const std::vector<Names>& sets) -> Result<std::vector<bool>> {
      ++rounds;
      trials += static_cast<int>(sets.size());
      std::vector<bool> works;
      for (const auto& set : sets) works.push_back(starts_without(set));
      return works;
    };
  }
};

TEST(Isolate, ASingleCulpritOfFortyTakesTwoRounds) {
  Unit unit{{{"d37"}}, {}};
  const auto sets = isolate(forty(), {}, unit.experiment());
  ASSERT_TRUE(sets);
  EXPECT_THAT(*sets, ElementsAre(Names{"d37"}));
  EXPECT_EQ(unit.rounds, 2);
  EXPECT_LE(unit.trials, 16);
}

TEST(Isolate, EverySingleThatHelpsIsNamed) {
  Unit unit{{{"d10"}, {"d16"}, {"d21"}}, {}};
  const auto sets = isolate(forty(), {}, unit.experiment());
  ASSERT_TRUE(sets);
  EXPECT_THAT(*sets, UnorderedElementsAre(Names{"d10"}, Names{"d16"}, Names{"d21"}));
}

TEST(Isolate, TwoThatEachAloneSufficeAreOneSetOfTwo) {
  Unit unit{{{"d11", "d45"}}, {}};
  const auto sets = isolate(forty(), {}, unit.experiment());
  ASSERT_TRUE(sets);
  EXPECT_THAT(*sets, ElementsAre(Names{"d11", "d45"}));
}

TEST(Isolate, TwoWaysOfTwoAreBothFound) {
  Unit unit{{{"d11", "d45"}, {"d11", "d20"}}, {}};
  const auto sets = isolate(forty(), {}, unit.experiment());
  ASSERT_TRUE(sets);
  EXPECT_THAT(*sets, UnorderedElementsAre(Names{"d11", "d45"}, Names{"d11", "d20"}));
}

TEST(Isolate, AGrantIsTriedAlone) {
  Unit unit{{{"User"}}, {"StateDirectory"}};
  const auto sets = isolate(forty(), {"User", "StateDirectory"}, unit.experiment());
  ASSERT_TRUE(sets);
  EXPECT_THAT(*sets, ElementsAre(Names{"User"}));
}

TEST(Isolate, ACulpritBesideSomethingNeededIsFound) {
  Unit unit{{{"d10"}}, {"d16"}};
  const auto sets = isolate(forty(), {}, unit.experiment());
  ASSERT_TRUE(sets);
  EXPECT_THAT(*sets, ElementsAre(Names{"d10"}));
}

TEST(Isolate, ASetOfASuspectAndAGrant) {
  Unit unit{{{"d30", "User"}}, {}};
  const auto sets = isolate(forty(), {"User", "Group"}, unit.experiment());
  ASSERT_TRUE(sets);
  EXPECT_THAT(*sets, ElementsAre(Names{"User", "d30"}));
}

TEST(Isolate, NothingHelpsIsNoSet) {
  Unit unit;
  const auto sets = isolate(forty(), {"User"}, unit.experiment());
  ASSERT_TRUE(sets);
  EXPECT_THAT(*sets, IsEmpty());
}

TEST(Isolate, AUnitWithoutDirectivesHasNoSet) {
  Unit unit;
  const auto sets = isolate({}, {}, unit.experiment());
  ASSERT_TRUE(sets);
  EXPECT_THAT(*sets, IsEmpty());
}

TEST(Isolate, AnExperimentThatFailsIsAnError) {
  const auto sets =
      isolate(forty(), {}, [](const std::vector<Names>&) -> Result<std::vector<bool>> {
        return cannot_run("no systemd");
      });
  ASSERT_FALSE(sets);
  EXPECT_EQ(sets.error().message, "no systemd");
}

// Every pair of forty, so that no grouping hides one.
class Pairs : public testing::TestWithParam<int> {};

TEST_P(Pairs, AreFoundWhereverTheyLie) {
  const auto names = forty();
  for (std::size_t other = 0; other < names.size(); ++other) {
    const Names pair{names[static_cast<std::size_t>(GetParam())], names[other]};
    Unit unit{{pair}, {}};
    const auto sets = isolate(names, {}, unit.experiment());
    ASSERT_TRUE(sets);
    EXPECT_THAT(*sets, ElementsAre(pair));
  }
}

INSTANTIATE_TEST_SUITE_P(All, Pairs, testing::Range(0, 40));

TEST(Minimise, KeepsASetThatNothingCanLeave) {
  const Names all{"a", "b", "c"};
  Unit unit{{all}, {}};
  const auto set = minimise({"a", "b", "c"}, unit.experiment());
  ASSERT_TRUE(set);
  EXPECT_EQ(*set, all);
}

TEST(Minimise, APairOfFortyTakesFewStarts) {
  Unit unit{{{"d11", "d45"}}, {}};
  const auto set = minimise(forty(), unit.experiment());
  ASSERT_TRUE(set);
  EXPECT_EQ(*set, (Names{"d11", "d45"}));
  EXPECT_LE(unit.trials, 40);
  EXPECT_LE(unit.rounds, 8);
}

// Without d20 something breaks, unless d41 is gone, too.
TEST(Minimise, DropsWhatIsThereForAnothersSake) {
  const auto set =
      minimise(forty(), [](const std::vector<Names>& sets) -> Result<std::vector<bool>> {
        std::vector<bool> works;
        for (const auto& gone : sets) {
          works.push_back(gone.contains("d40") && (!gone.contains("d20") || gone.contains("d41")));
        }
        return works;
      });
  ASSERT_TRUE(set);
  EXPECT_EQ(*set, Names{"d40"});
}

}  // namespace
}  // namespace sandproof::explain
