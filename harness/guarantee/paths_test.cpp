#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "guarantee/sample_unit.h"

namespace sandproof::guarantee {
namespace {

using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Value texts(const std::vector<std::string>& values) { return Value::texts(values); }

SampleUnit with(const std::string& name, const std::string& value) {
  SampleUnit unit;
  unit.bystander.root_pid = 77;
  unit.bystander.tmp_file = "/tmp/by";
  unit.bystander.var_tmp_file = "/var/tmp/by";
  return unit.set(name, Value::text(value));
}

Value temporary(const std::string& path, const std::string& options) {
  return {"a(ss)",
          std::vector{Value{"(ss)", std::vector{Value::text(path), Value::text(options)}}}};
}

Value bind(const std::string& source, const std::string& target) {
  return {"a(ssbt)",
          std::vector{Value{"(ssbt)", std::vector{Value::text(source), Value::text(target),
                                                  Value::boolean(false), Value::unsigned_64(0)}}}};
}

TEST(Paths, EveryDirectiveThatIsNotSetIsOff) {
  for (const char* directive :
       {"BindPaths", "BindReadOnlyPaths", "ExecPaths", "InaccessiblePaths", "NoExecPaths",
        "PrivateMounts", "PrivateTmp", "ProtectHome", "ProtectSystem", "ReadOnlyPaths",
        "ReadWritePaths", "TemporaryFileSystem"}) {
    EXPECT_TRUE(SampleUnit().promise(directive).is_off) << directive;
  }
}

TEST(ProtectSystem, YesLeavesTheConfigurationWritable) {
  EXPECT_THAT(with("ProtectSystem", "yes").fronts("ProtectSystem"),
              ElementsAre("fs-write /usr: denied EROFS", "fs-write /boot: denied EROFS",
                          "fs-write /efi: denied EROFS"));
}

TEST(ProtectSystem, StrictIsShownByWhatEveryoneMayWriteWhereThereIsNoRoot) {
  auto unit = with("ProtectSystem", "strict");
  EXPECT_THAT(unit.fronts("ProtectSystem"), Not(Contains("fs-write /var/tmp: denied EROFS")));
  unit.home = "/home/anna";
  EXPECT_THAT(unit.fronts("ProtectSystem"), Contains("fs-write /var/tmp: denied EROFS"));
  unit.set("PrivateTmp");
  EXPECT_THAT(unit.fronts("ProtectSystem"), Not(Contains("fs-write /var/tmp: denied EROFS")));
}

TEST(ProtectHome, TheHomeOfAUserManagersUserIsLookedAtFirst) {
  auto unit = with("ProtectHome", "read-only");
  unit.home = "/home/anna";
  EXPECT_EQ(unit.fronts("ProtectHome").front(), "fs-write /home/anna: denied EROFS");
}

TEST(ProtectSystem, FullProtectsItAndStrictAllOfTheTree) {
  EXPECT_THAT(with("ProtectSystem", "full").attempts("ProtectSystem"),
              Contains("fs-write /etc: denied EROFS"));
  EXPECT_THAT(with("ProtectSystem", "full").attempts("ProtectSystem"),
              Not(Contains("fs-write /var: denied EROFS")));
  EXPECT_THAT(with("ProtectSystem", "strict").attempts("ProtectSystem"),
              testing::IsSupersetOf({"fs-write /etc: denied EROFS", "fs-write /: denied EROFS",
                                     "fs-write /var: denied EROFS"}));
}

TEST(ProtectSystem, StrictIsAboutRunAsWellButInARootOfItsOwn) {
  const std::string run = "fs-write /run: denied EROFS";
  auto unit = with("ProtectSystem", "strict");
  EXPECT_THAT(unit.fronts("ProtectSystem"), Contains(run));
  unit.set("RuntimeDirectory", texts({"x"}));
  EXPECT_THAT(unit.fronts("ProtectSystem"), Contains(run));
  EXPECT_THAT(with("ProtectSystem", "strict")
                  .set("ReadWritePaths", texts({"/run"}))
                  .fronts("ProtectSystem"),
              Not(Contains(run)));
  EXPECT_THAT(with("ProtectSystem", "strict")
                  .set("RootDirectory", Value::text("/srv/root"))
                  .fronts("ProtectSystem"),
              Not(Contains(run)));
  EXPECT_THAT(with("ProtectSystem", "full").fronts("ProtectSystem"), Not(Contains(run)));
}

TEST(ProtectSystem, StrictPromisesNothingOfWhatTheUnitOpensAgain) {
  auto unit = with("ProtectSystem", "strict");
  unit.set("ReadWritePaths", texts({"-/var", "/etc/foo"}));
  EXPECT_THAT(unit.attempts("ProtectSystem"), Not(Contains(HasSubstr("/var"))));
  EXPECT_THAT(unit.attempts("ProtectSystem"), Contains("fs-write /etc: denied EROFS"));
}

TEST(ProtectSystem, OpeningTheVeryPathThatItProtectsDoesNothing) {
  auto unit = with("ProtectSystem", "full");
  unit.set("ReadWritePaths", texts({"/etc"}));
  EXPECT_THAT(unit.attempts("ProtectSystem"), Contains("fs-write /etc: denied EROFS"));
  EXPECT_THAT(unit.attempts("ReadWritePaths"), ElementsAre("fs-change /etc: allowed"));
}

TEST(ProtectSystem, IsNotToBeUndoneByExecPaths) {
  auto unit = with("ProtectSystem", "strict");
  unit.set("NoExecPaths", texts({"/", "/var", "/home", "/var/lib/x/bin", "/srv/rw"}));
  unit.set("ExecPaths", texts({"/opt"}));
  unit.set("StateDirectory", texts({"x"})).set("ReadWritePaths", texts({"/srv/rw"}));
  EXPECT_THAT(
      unit.attempts("ProtectSystem"),
      testing::IsSupersetOf({"fs-change /var: denied EROFS", "fs-change /opt: denied EROFS"}));
  for (const char* path : {"/home", "/var/lib/x/bin", "/srv/rw", "/"}) {
    EXPECT_THAT(unit.attempts("ProtectSystem"),
                Not(Contains(std::string("fs-change ") + path + ": denied EROFS")));
  }
}

TEST(ReadOnlyPaths, AreNotToBeUndoneByNoExecPaths) {
  SampleUnit unit;
  unit.set("ReadOnlyPaths", texts({"/srv"})).set("NoExecPaths", texts({"/srv/a", "/opt"}));
  EXPECT_THAT(unit.attempts("ReadOnlyPaths"), Contains("fs-change /srv/a: denied EROFS"));
  EXPECT_THAT(unit.attempts("ReadOnlyPaths"), Not(Contains(HasSubstr("/opt"))));
}

TEST(ProtectHome, YesPutsHomesOutOfReach) {
  EXPECT_THAT(with("ProtectHome", "yes").attempts("ProtectHome"),
              Contains("fs-reach /root: denied EACCES or absent ENODATA or absent ENOENT"));
}

TEST(ProtectHome, ReadOnlyLetsThemBeRead) {
  EXPECT_THAT(with("ProtectHome", "read-only").attempts("ProtectHome"),
              Not(Contains(HasSubstr("fs-reach"))));
}

TEST(ProtectHome, TmpfsHidesThemAndIsReadOnly) {
  auto unit = with("ProtectHome", "tmpfs");
  EXPECT_THAT(unit.attempts("ProtectHome"),
              testing::IsSupersetOf(
                  {"fs-write /home: denied EROFS", "fs-read /root/.bashrc: absent ENOENT"}));
  unit.set("BindPaths", bind("/root", "/root"));
  EXPECT_THAT(unit.attempts("ProtectHome"), Not(Contains(HasSubstr(".bashrc"))));
}

TEST(PathDoors, ChangeTheVeryObjectThatIsReadOnly) {
  auto unit = with("ProtectHome", "read-only");
  EXPECT_THAT(
      unit.attempts("ProtectHome"),
      testing::IsSupersetOf(
          {"fs-by-alias change 66 /home: denied EROFS or denied EPERM by another mount of it",
           "fs-by-clone change 66 /home: denied EROFS or denied EPERM by a copy of the mount",
           "fs-by-instance change 66 /home: denied EROFS or denied EPERM by its file system "
           "mounted again",
           "fs-by-handle change 66 1 ab: denied EROFS or denied EPERM by its file handle",
           "fs-by-remount change 66 /home: denied EROFS or denied EPERM by a remount of it",
           "fs-by-openat2 change 66 /home: denied EROFS or absent ENOSYS by openat2",
           "fs-change /proc/77/root/home: denied EACCES or absent ENOENT by the root of a process "
           "outside",
           "fs-change /proc/77/cwd/home: denied EACCES or absent ENOENT by the working directory "
           "of a process outside"}));
}

TEST(PathDoors, ReachTheVeryObjectThatIsHidden) {
  auto unit = with("ProtectHome", "yes");
  EXPECT_THAT(
      unit.attempts("ProtectHome"),
      testing::IsSupersetOf(
          {"fs-by-alias reach 66 /home: denied EPERM or absent ENOENT by another mount of "
           "it",
           "fs-by-umount reach 66 /home /home: denied EPERM or absent ENOENT by umount of "
           "what covers it",
           "fs-by-openat2 reach 66 /home: denied EACCES or absent ENOENT or absent EXDEV by "
           "openat2",
           "fs-reach /proc/77/cwd/home: denied EACCES or absent ENOENT by the working "
           "directory of a process outside"}));
}

TEST(PathDoors, AreNotTriedBelowARootOfTheUnitsOwn) {
  auto unit = with("ProtectHome", "yes");
  unit.set("RootDirectory", Value::text("/srv/image"));
  EXPECT_THAT(unit.attempts("ProtectHome"), Not(Contains(HasSubstr("fs-by-"))));
}

TEST(ReadOnlyPaths, AreTriedWithoutTheirPrefixes) {
  SampleUnit unit;
  unit.set("ReadOnlyPaths", texts({"/etc/a", "-/etc/b", "-+/etc/c"}));
  EXPECT_THAT(
      unit.attempts("ReadOnlyPaths"),
      testing::IsSupersetOf({"fs-change /etc/a: denied EROFS", "fs-change /etc/b: denied EROFS",
                             "fs-change /etc/c: denied EROFS"}));
}

TEST(NoExecPaths, AreAboutWhatHasAMountOfItsOwnAsWell) {
  SampleUnit unit;
  unit.set("NoExecPaths", texts({"/", "/srv/named"})).set("ExecPaths", texts({"/usr"}));
  unit.set("ReadWritePaths", texts({"/srv/rw", "/srv/named", "/usr/local"})).set("PrivateTmp");
  unit.set("StateDirectory", texts({"x"}));
  EXPECT_THAT(
      unit.attempts("NoExecPaths"),
      testing::IsSupersetOf(
          {"fs-execute /srv/rw: denied EACCES by execution in /srv/rw, a mount of its own",
           "fs-execute /tmp: denied EACCES by execution in /tmp, a mount of its own",
           "fs-execute /var/lib/x: denied EACCES by execution in /var/lib/x, a mount of its "
           "own",
           "fs-execute /run: denied EACCES by execution in /run, a mount of its own"}));
  for (const char* path : {"/usr/local", "/srv/named,"}) {
    EXPECT_THAT(unit.attempts("NoExecPaths"), Not(Contains(HasSubstr(path))));
  }
  unit = SampleUnit();
  unit.set("NoExecPaths", texts({"/srv"})).set("PrivateTmp");
  EXPECT_EQ(unit.attempts("NoExecPaths"),
            std::vector<std::string>{"fs-execute /srv: denied EACCES"});
}

TEST(ExecPaths, AreExecutableAndNoExecPathsAreNot) {
  SampleUnit unit;
  unit.set("NoExecPaths", texts({"/"})).set("ExecPaths", texts({"/usr"}));
  EXPECT_EQ(unit.fronts("NoExecPaths"), std::vector<std::string>{"fs-execute /: denied EACCES"});
  EXPECT_THAT(unit.attempts("ExecPaths"), ElementsAre("fs-execute /usr: allowed"));
}

TEST(PrivateTmp, HidesWhatOthersHaveThere) {
  auto unit = with("ProtectSystem", "no");
  unit.set("PrivateTmp");
  EXPECT_THAT(unit.attempts("PrivateTmp"),
              testing::IsSupersetOf(
                  {"fs-read /tmp/by: absent ENOENT", "fs-read /var/tmp/by: absent ENOENT"}));
}

TEST(PrivateMounts, CannotBeToldWithoutKnowingTheNamespaceOutside) {
  SampleUnit unit;
  unit.set("PrivateMounts");
  EXPECT_THAT(unit.promise("PrivateMounts").untestable_because, Not(IsEmpty()));
  unit.bystander.namespaces["mnt"] = "4026531832";
  EXPECT_THAT(unit.attempts("PrivateMounts"),
              ElementsAre("share-namespace mnt 4026531832: denied EXDEV"));
}

TEST(TemporaryFileSystem, IsEmptyUnlessTheUnitPutsSomethingIntoIt) {
  SampleUnit unit;
  unit.set("TemporaryFileSystem", temporary("/var", "ro,mode=0700"));
  EXPECT_THAT(unit.fronts("TemporaryFileSystem"),
              ElementsAre("fs-read /var: absent ENODATA", "fs-write /var: denied EROFS"));
  unit.set("StateDirectory", texts({"x"}));
  EXPECT_THAT(unit.attempts("TemporaryFileSystem"), ElementsAre("fs-write /var: denied EROFS"));
}

TEST(TemporaryFileSystem, IsWritableUnlessItSaysOtherwise) {
  SampleUnit unit;
  unit.set("TemporaryFileSystem", temporary("/var", "mode=0700,rox"));
  EXPECT_THAT(unit.attempts("TemporaryFileSystem"), Each(Not(HasSubstr("fs-write"))));
}

TEST(BindReadOnlyPaths, AreThereAndReadOnly) {
  SampleUnit unit;
  unit.set("BindReadOnlyPaths", bind("/srv/a", "/srv/b"));
  EXPECT_THAT(unit.attempts("BindReadOnlyPaths"),
              ElementsAre("fs-reach /srv/b: allowed", "fs-change /srv/b: denied EROFS"));
}

}  // namespace
}  // namespace sandproof::guarantee
