#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "guarantee/sample_unit.h"

namespace sandproof::guarantee {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;

SampleUnit of_user(const std::string& user) {
  SampleUnit unit;
  unit.user = user;
  return unit;
}

SampleUnit with_mask(unsigned mask) { return SampleUnit().set("UMask", Value::unsigned_32(mask)); }

TEST(User, IsOffForRootByAnyName) {
  for (const char* root : {"", "root", "0"}) EXPECT_TRUE(of_user(root).promise("User").is_off);
  EXPECT_THAT(of_user("daemon").attempts("User"),
              ElementsAre("be-root: denied EPERM", "become-user 0: denied EPERM by setuid(0)"));
}

TEST(User, IsNoPromiseToRoot) {
  EXPECT_FALSE(of_user("daemon").promise("User").attempts.front().of_root);
}

TEST(NoNewPrivileges, IsTriedWithProgramsThatGivePrivilegesAway) {
  auto unit = of_user("daemon").set("NoNewPrivileges");
  const std::vector<std::string> of_the_flag = {
      "gain-privileges: denied EPERM",
      "gain-privileges prctl: denied EPERM by prctl(PR_SET_NO_NEW_PRIVS, 0)"};
  EXPECT_EQ(unit.attempts("NoNewPrivileges"), of_the_flag);
  unit.privileged_folder = "/opt/x";
  EXPECT_THAT(unit.attempts("NoNewPrivileges"),
              IsSupersetOf({"gain-privileges /opt/x/be-root: denied EPERM by a set-user-ID program",
                            "gain-privileges /opt/x/hold-capability effective "
                            "CAP_NET_BIND_SERVICE: denied EPERM by a program with capabilities"}));
  unit.user = "root";
  EXPECT_EQ(unit.attempts("NoNewPrivileges"), of_the_flag);
}

TEST(NoNewPrivileges, IsNotTriedWithACapabilityThatTheUnitHasAnyway) {
  auto unit = of_user("daemon").set("NoNewPrivileges");
  unit.privileged_folder = "/opt/x";
  unit.set("AmbientCapabilities", Value::unsigned_64(1U << 10));  // CAP_NET_BIND_SERVICE
  EXPECT_THAT(unit.attempts("NoNewPrivileges"), Not(Contains(HasSubstr("hold-capability"))));
  EXPECT_THAT(unit.attempts("NoNewPrivileges"), Contains(HasSubstr("be-root")));
}

TEST(Group, IsOffForRoots) {
  EXPECT_TRUE(SampleUnit().promise("Group").is_off);
  EXPECT_THAT(SampleUnit().set("Group", Value::text("games")).attempts("Group"),
              ElementsAre("be-root-group: denied EPERM"));
}

TEST(SupplementaryGroups, AreEachHad) {
  EXPECT_THAT(SampleUnit()
                  .set("SupplementaryGroups", Value::texts({"adm", "44"}))
                  .attempts("SupplementaryGroups"),
              ElementsAre("be-in-group adm: allowed", "be-in-group 44: allowed"));
}

TEST(SupplementaryGroups, CannotBeSeenInAUserNamespaceOfItself) {
  SampleUnit unit;
  unit.set("SupplementaryGroups", Value::texts({"adm"})).set("PrivateUsers");
  EXPECT_THAT(unit.promise("SupplementaryGroups").untestable_because, Not(IsEmpty()));
  unit.set("PrivateUsersEx", Value::text("identity"));
  EXPECT_THAT(unit.attempts("SupplementaryGroups"), ElementsAre("be-in-group adm: allowed"));
}

TEST(UMask, TakesItsBitsAndLeavesTheOthers) {
  EXPECT_THAT(with_mask(0077).attempts("UMask"), ElementsAre("pass-umask 0077: denied EPERM"));
  EXPECT_THAT(with_mask(0022).attempts("UMask"), ElementsAre("pass-umask 0022: denied EPERM"));
  EXPECT_THAT(with_mask(0002).attempts("UMask"),
              ElementsAre("pass-umask 0002: denied EPERM", "pass-umask 0020: allowed"));
  EXPECT_THAT(with_mask(0).attempts("UMask"),
              ElementsAre("pass-umask 0020: allowed", "pass-umask 0002: allowed"));
}

TEST(KeyringMode, PrivateHidesTheUsersKeyringAndSharedLeadsToIt) {
  SampleUnit unit;
  EXPECT_THAT(unit.set("KeyringMode", Value::text("private")).attempts("KeyringMode"),
              ElementsAre("search-user-keyring: denied ENOKEY"));
  EXPECT_THAT(unit.set("KeyringMode", Value::text("shared")).attempts("KeyringMode"),
              ElementsAre("search-user-keyring: allowed"));
  EXPECT_TRUE(unit.set("KeyringMode", Value::text("inherit")).promise("KeyringMode").is_off);
}

TEST(RemoveIPC, DoesNothingForRoot) {
  EXPECT_TRUE(of_user("").set("RemoveIPC").promise("RemoveIPC").is_off);
  EXPECT_THAT(of_user("daemon").set("RemoveIPC").promise("RemoveIPC").untestable_because,
              Not(IsEmpty()));
}

}  // namespace
}  // namespace sandproof::guarantee
