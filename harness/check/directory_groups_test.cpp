// Which directives of directories go together, and whose an attempt is.
#include "check/directory_groups.h"

#include <gmock/gmock.h>

namespace sandproof {
namespace {

using testing::ElementsAre;
using testing::Optional;
using testing::UnorderedElementsAre;

TEST(GroupsOfDifferentDirectories, SayTheSameOfEach) {
  EXPECT_THAT(
      groups_of_different_directories({"LogsDirectory", "LogsDirectoryMode", "StateDirectory",
                                       "StateDirectoryMode", "RuntimeDirectoryPreserve"}),
      UnorderedElementsAre(ElementsAre("LogsDirectory", "StateDirectory"),
                           ElementsAre("LogsDirectoryMode", "StateDirectoryMode"),
                           ElementsAre("RuntimeDirectoryPreserve")));
}

class DirectiveOfDirectory : public testing::Test {
 protected:
  std::optional<std::string> of(const std::vector<std::string>& args, const Names& group) const {
    return directive_of_directory({"fs-write", args}, group, settings_, {});
  }

  Settings settings_{Properties{{"StateDirectory", Value::texts({"x"})},
                                {"LogsDirectory", Value::texts({"x", "y"})}},
                     {}};
};

TEST_F(DirectiveOfDirectory, IsTheOneWhoseFolderTheAttemptNames) {
  EXPECT_THAT(of({"/var/lib/x"}, {"LogsDirectory", "StateDirectory"}),
              Optional(std::string("StateDirectory")));
  EXPECT_THAT(of({"/var/log/y/deep", "0700"}, {"LogsDirectoryMode", "StateDirectoryMode"}),
              Optional(std::string("LogsDirectoryMode")));
}

TEST_F(DirectiveOfDirectory, IsNoneWhereTheAttemptNamesNoneOrSeveral) {
  EXPECT_EQ(of({"/etc"}, {"LogsDirectory", "StateDirectory"}), std::nullopt);
  EXPECT_EQ(of({"/var/lib/xy"}, {"LogsDirectory", "StateDirectory"}), std::nullopt);
  EXPECT_EQ(of({"/var/lib/x", "/var/log/x"}, {"LogsDirectory", "StateDirectory"}), std::nullopt);
}

}  // namespace
}  // namespace sandproof
