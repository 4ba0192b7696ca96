#include "unit/unit_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

namespace sandproof::unit {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

class UnitFilesOfAFolder : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "/unit-files-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path write(const std::string& name, const std::string& content = "[Service]\n") const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << content;
    return folder_ / name;
  }

  UnitFiles found() const { return unit_files_among(*files_below(folder_)); }
  std::string path(const std::string& name) const { return folder_ / name; }

  static auto left_out(const std::string& name, const std::string& kind) {
    return AllOf(Field(&UnitFiles::LeftOut::file, EndsWith(name)),
                 Field(&UnitFiles::LeftOut::kind, HasSubstr(kind)));
  }

  fs::path folder_;
};

TEST_F(UnitFilesOfAFolder, AreTheServicesAtAnyDepthAndNothingElse) {
  write("b.service");
  write("below it/a.service");
  write("README.md");
  write("app.conf");
  write("modprobe.d/x.conf");
  write(".git/hidden.service");
  write(".hidden.service");
  EXPECT_THAT(found().units, ElementsAre(path("b.service"), path("below it/a.service")));
  EXPECT_THAT(found().left_out, IsEmpty());
}

TEST_F(UnitFilesOfAFolder, WhatIsNoServiceIsNamed) {
  write("a.timer");
  write("a.timer.d/x.conf");
  EXPECT_THAT(found().units, IsEmpty());
  EXPECT_THAT(found().left_out,
              ElementsAre(left_out("a.timer", "no services"), left_out("x.conf", "no services")));
}

TEST_F(UnitFilesOfAFolder, ADropInMeansTheUnitBesideItsFolder) {
  write("a.service.d/10.conf");
  write("a.service.d/20.conf");
  write("a.service");
  EXPECT_THAT(found().units, ElementsAre(path("a.service")));
}

TEST_F(UnitFilesOfAFolder, DropInsWithoutTheirUnitAreForTheInstalledOne) {
  write("a.service.d/10.conf");
  write("a.service.d/20.conf");
  EXPECT_THAT(found().units, ElementsAre(path("a.service.d")));
}

TEST_F(UnitFilesOfAFolder, ADropInOfManyUnitsIsNamed) {
  write("service.d/x.conf");
  write("foo-.service.d/x.conf");
  write("foo-bar.service");
  EXPECT_THAT(found().units, ElementsAre(path("foo-bar.service")));
  EXPECT_THAT(found().left_out, ElementsAre(left_out("foo-.service.d/x.conf", "more than one"),
                                            left_out("service.d/x.conf", "more than one")));
}

TEST_F(UnitFilesOfAFolder, ATemplateMeansItsDefaultInstance) {
  write("a@.service", "[Service]\n[Install]\nDefaultInstance=tty1\n");
  write("a@.service.d/x.conf");
  write("b@.service");
  write("b@.service.d/x.conf");
  EXPECT_THAT(found().units, ElementsAre(path("a@tty1.service")));
  EXPECT_THAT(found().left_out, ElementsAre(left_out("b@.service", "templates")));
}

TEST_F(UnitFilesOfAFolder, ADropInOfOneInstanceMeansThatInstance) {
  write("a@.service");
  write("a@b.service.d/x.conf");
  EXPECT_THAT(found().units, ElementsAre(path("a@b.service")));
}

TEST_F(UnitFilesOfAFolder, AnotherNameOfAUnitIsThatUnit) {
  write("b.service");
  fs::create_symlink("b.service", path("alias.service"));
  write("c@.service");
  fs::create_symlink("c@.service", path("c@x.service"));
  EXPECT_THAT(found().units, ElementsAre(path("b.service"), path("c@x.service")));
}

TEST_F(UnitFilesOfAFolder, AMaskedUnitIsNamed) {
  fs::create_symlink("/dev/null", path("a.service"));
  write("b.service", "");
  EXPECT_THAT(found().units, IsEmpty());
  EXPECT_THAT(found().left_out,
              ElementsAre(left_out("b.service", "masked"), left_out("a.service", "masked")));
}

TEST_F(UnitFilesOfAFolder, AFolderThatLeadsBackToItselfIsNoWay) {
  write("a.service");
  fs::create_directory_symlink(folder_, folder_ / "again");
  EXPECT_THAT(found().units, ElementsAre(path("a.service")));
}

TEST_F(UnitFilesOfAFolder, AFolderThatIsNotThereIsBadInput) {
  const auto files = files_below(folder_ / "missing");
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().kind, Error::Kind::bad_input);
  EXPECT_THAT(files.error().message, HasSubstr("missing"));
}

// As a change has them: what was deleted is not there.
TEST_F(UnitFilesOfAFolder, ADeletedUnitMeansNothingAndADeletedDropInItsUnit) {
  write("a.service");
  const auto units = unit_files_among({path("a.service.d/gone.conf"), path("gone.service"),
                                       path("gone.timer"), path("gone.service.d/gone.conf")});
  EXPECT_THAT(units.units, ElementsAre(path("a.service")));
  EXPECT_THAT(units.left_out, IsEmpty());
}

}  // namespace
}  // namespace sandproof::unit
