#include "manual/commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sandproof::manual {
namespace {

using testing::ElementsAre;

const Option& option_of(const Command& command, const std::string& name) {
  for (const auto& option : command.options) {
    if (option.names.back() == name) return option;
  }
  ADD_FAILURE() << "no option " << name;
  return command.options.front();
}

class Described : public testing::Test {
 protected:
  Described() : app_("A program", "program") {
    auto* command = app_.add_subcommand("bake", "Bakes: something");
    command->add_option("CAKE", cakes_, "Which cakes")->required();
    command->add_option("-o,--oven", text_, "Where")->type_name("FOLDER");
    command->add_option("--heat", text_, "How")
        ->check(CLI::IsMember({"low", "high"}))
        ->default_str("low");
    command->add_option("--say", cakes_, "What")->type_name("{a,b}[=FILE]");
    command->add_option("--wait", number_, "How long")
        ->type_name("SECONDS")
        ->check(CLI::Range(1, 2));
    command->add_flag("--burn", flag_, "Whether");
    program_ = describe(app_);
  }

  const Command& bake() const { return program_.commands.front(); }

  CLI::App app_;
  std::vector<std::string> cakes_;
  std::string text_;
  int number_ = 0;
  bool flag_ = false;
  Command program_;
};

TEST_F(Described, HasEveryCommandWithItsWords) {
  EXPECT_EQ(program_.name, "program");
  ASSERT_EQ(program_.commands.size(), 1U);
  EXPECT_EQ(bake().name, "bake");
  EXPECT_EQ(bake().description, "Bakes: something");
}

TEST_F(Described, PositionalsComeFirst) {
  const auto& cake = bake().options.front();
  EXPECT_TRUE(cake.is_positional);
  EXPECT_TRUE(cake.is_required);
  EXPECT_TRUE(cake.repeats);
  EXPECT_EQ(cake.value, "CAKE");
}

TEST_F(Described, AnOptionHasItsNamesAndWhatItTakes) {
  const auto oven = option_of(bake(), "--oven");
  EXPECT_THAT(oven.names, ElementsAre("-o", "--oven"));
  EXPECT_EQ(oven.shown_value(), "FOLDER");
  EXPECT_EQ(option_of(bake(), "--burn").shown_value(), "");
  EXPECT_EQ(option_of(bake(), "--wait").shown_value(), "SECONDS");
}

TEST_F(Described, ChoicesAreKnown) {
  const auto heat = option_of(bake(), "--heat");
  EXPECT_THAT(heat.choices, ElementsAre("low", "high"));
  EXPECT_EQ(heat.shown_value(), "low|high");
  EXPECT_EQ(heat.default_value, "low");
  EXPECT_EQ(option_of(bake(), "--say").shown_value(), "a|b[=FILE]");
}

TEST(InShort, IsTheFirstClause) {
  EXPECT_EQ(in_short("A unit's name; or a file"), "A unit's name");
  EXPECT_EQ(in_short("An earlier result (--format json): only that"), "An earlier result");
  EXPECT_EQ(in_short("All of it"), "All of it");
}

}  // namespace
}  // namespace sandproof::manual
