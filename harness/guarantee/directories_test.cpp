#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "guarantee/sample_unit.h"

namespace sandproof::guarantee {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::EndsWith;
using testing::IsEmpty;
using testing::Not;

SampleUnit with(const std::string& name, const std::vector<std::string>& values) {
  return SampleUnit().set(name, Value::texts(values));
}

Value row(const std::string& signature, std::vector<Value> elements) {
  return {signature, std::move(elements)};
}

TEST(Directories, WithoutADirectoryItsModeIsOff) {
  EXPECT_TRUE(SampleUnit()
                  .set("StateDirectoryMode", Value::unsigned_32(0700))
                  .promise("StateDirectory")
                  .is_off);
  EXPECT_TRUE(SampleUnit()
                  .set("StateDirectoryMode", Value::unsigned_32(0700))
                  .promise("StateDirectoryMode")
                  .is_off);
}

TEST(Directories, EachIsOwnedAndWritableBelowItsParent) {
  EXPECT_THAT(with("StateDirectory", {"a", "b/c"}).attempts("StateDirectory"),
              ElementsAre("fs-owned /var/lib/a: allowed", "fs-write /var/lib/a: allowed",
                          "fs-owned /var/lib/b/c: allowed", "fs-write /var/lib/b/c: allowed"));
  EXPECT_THAT(with("RuntimeDirectory", {"a"}).attempts("RuntimeDirectory"),
              Contains("fs-owned /run/a: allowed"));
  EXPECT_THAT(with("LogsDirectory", {"a"}).attempts("LogsDirectory"),
              Contains("fs-owned /var/log/a: allowed"));
}

TEST(Directories, OneThatNoCellMakesCanBeMissing) {
  for (const char* directive : {"StateDirectory", "StateDirectoryMode", "ConfigurationDirectory"}) {
    auto unit = with("StateDirectory", {"a"});
    unit.set("StateDirectoryMode", Value::unsigned_32(0700));
    unit.set("ConfigurationDirectory", Value::texts({"a"}));
    unit.makes_directories = false;
    EXPECT_THAT(unit.attempts(directive), Not(IsEmpty()));
    unit.has_every_file = false;
    EXPECT_THAT(unit.attempts(directive), IsEmpty());
    EXPECT_THAT(unit.promise(directive).untestable_because,
                EndsWith("/a is not there before the unit itself has started"));
  }
}

TEST(Directories, AReadOnlyOneIsNotWritable) {
  auto unit = with("CacheDirectory", {"a", "b"});
  unit.set(
      "CacheDirectorySymlink",
      row("a(sst)", {row("(sst)", {Value::text("a"), Value::text(""), Value::unsigned_64(1)}),
                     row("(sst)", {Value::text("b"), Value::text("l"), Value::unsigned_64(0)})}));
  EXPECT_THAT(unit.attempts("CacheDirectory"),
              ElementsAre("fs-owned /var/cache/a: allowed", "fs-owned /var/cache/b: allowed",
                          "fs-write /var/cache/b: allowed"));
}

TEST(Directories, TheConfigurationIsNotTheUsersOwn) {
  EXPECT_THAT(with("ConfigurationDirectory", {"a"}).attempts("ConfigurationDirectory"),
              ElementsAre("fs-mode /etc/a 7777: allowed"));
}

TEST(Directories, ModesAreInOctal) {
  EXPECT_THAT(with("StateDirectory", {"a"})
                  .set("StateDirectoryMode", Value::unsigned_32(0750))
                  .attempts("StateDirectoryMode"),
              ElementsAre("fs-mode /var/lib/a 0750: allowed"));
}

TEST(Credentials, AreReadAndNotChanged) {
  const auto credential =
      row("(say)", {Value::text("one"), row("ay", {Value{"y", std::uint64_t{120}}})});
  EXPECT_THAT(
      SampleUnit().set("SetCredential", row("a(say)", {credential})).attempts("SetCredential"),
      ElementsAre(
          "read-credential one: allowed",
          "change-credentials: denied EROFS or denied EACCES by a change of the folder that "
          "they are in"));
}

TEST(Credentials, AreLoadedFromAnyPathButOnlyByANameThatIsThere) {
  const auto credential = row("(ss)", {Value::text("one"), Value::text("/etc/one")});
  EXPECT_THAT(
      SampleUnit().set("LoadCredential", row("a(ss)", {credential})).attempts("LoadCredential"),
      Contains("read-credential one: allowed"));
}

TEST(Credentials, AreReadAlikeWhereTheyComeEncrypted) {
  const auto loaded = row("(ss)", {Value::text("one"), Value::text("/etc/one")});
  EXPECT_THAT(SampleUnit()
                  .set("LoadCredentialEncrypted", row("a(ss)", {loaded}))
                  .attempts("LoadCredentialEncrypted"),
              Contains("read-credential one: allowed"));
  const auto content = row("(say)", {Value::text("two"), row("ay", {})});
  EXPECT_THAT(SampleUnit()
                  .set("SetCredentialEncrypted", row("a(say)", {content}))
                  .attempts("SetCredentialEncrypted"),
              Contains("read-credential two: allowed"));
}

TEST(Credentials, AreImportedByNameAndAPatternIsNone) {
  SampleUnit unit;
  unit.set("ImportCredential", Value::texts({"one", "two.*"}));
  EXPECT_THAT(unit.attempts("ImportCredential"), Contains("read-credential one: allowed"));
  unit.set("ImportCredential", Value::texts({"two.*"}));
  EXPECT_EQ(unit.promise("ImportCredential").untestable_because,
            "it names no credential that is known to be there");
}

}  // namespace
}  // namespace sandproof::guarantee
