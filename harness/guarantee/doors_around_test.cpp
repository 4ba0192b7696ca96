#include "guarantee/doors_around.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "guarantee/sample_unit.h"

namespace sandproof::guarantee {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

SampleUnit of_root() {
  SampleUnit unit;
  unit.user = "";
  return unit;
}

std::vector<std::string> attempts_around(const SampleUnit& unit, std::string_view directive) {
  std::vector<std::string> lines;
  for (const auto& door : unit.doors_around(directive)) lines.push_back(to_string(door.attempt));
  return lines;
}

TEST(DoorsAround, RootMayAskOnTheManagersOwnSocketAndOnTheBus) {
  EXPECT_THAT(attempts_around(of_root().set("ProtectClock"), "ProtectClock"),
              ElementsAre("ask-manager /run/systemd/private /proc/1/root/run/systemd/private "
                          "/run/dbus/system_bus_socket"));
}

TEST(DoorsAround, OthersHaveTheBusAlone) {
  EXPECT_THAT(attempts_around(SampleUnit().set("ProtectClock"), "ProtectClock"),
              ElementsAre("ask-manager /run/dbus/system_bus_socket"));
}

TEST(DoorsAround, PidOneOfTheUnitsOwnLeadsNowhere) {
  auto unit = of_root().set("ProtectClock");
  unit.set("PrivatePIDs", Value::text("yes"));
  EXPECT_THAT(attempts_around(unit, "ProtectClock"),
              ElementsAre("ask-manager /run/systemd/private /run/dbus/system_bus_socket"));
}

SampleUnit of_a_user_manager() {
  SampleUnit unit;
  unit.home = "/home/anna";
  unit.parents.runtime = "/run/user/1000";
  unit.bystander.root_pid = 1;
  unit.bystander.user_pid = 78;
  return unit;
}

TEST(DoorsAround, AUserManagerIsThereForItsUser) {
  EXPECT_THAT(attempts_around(of_a_user_manager().set("NoNewPrivileges"), "NoNewPrivileges"),
              ElementsAre("ask-manager /run/user/1000/systemd/private "
                          "/proc/78/root/run/user/1000/systemd/private /run/user/1000/bus "
                          "/run/dbus/system_bus_socket"));
}

TEST(DoorsAround, InAUserManagerAreOfWhatRootIsExemptFromToo) {
  auto unit = of_a_user_manager();
  unit.set("ProtectProc", Value::text("invisible"));
  EXPECT_THAT(attempts_around(unit, "ProtectProc"), Not(IsEmpty()));
}

TEST(DoorsAround, AreOfNoDirectiveThatSaysHowMuchOrHowItBegins) {
  auto unit = of_root().set("LimitNOFILE", Value::unsigned_64(64));
  unit.set("LimitNOFILESoft", Value::unsigned_64(64));
  unit.set("UMask", Value::unsigned_64(077));
  for (const char* directive : {"LimitNOFILE", "UMask"}) {
    EXPECT_THAT(unit.attempts(directive), Not(IsEmpty())) << directive;
    EXPECT_THAT(attempts_around(unit, directive), IsEmpty()) << directive;
  }
}

TEST(DoorsAround, AreOfNoPromiseThatRootIsExemptFrom) {
  SampleUnit unit;
  unit.bystander.root_pid = 77;
  unit.set("ProtectProc", Value::text("invisible"));
  EXPECT_THAT(attempts_around(unit, "ProtectProc"), IsEmpty());
}

}  // namespace
}  // namespace sandproof::guarantee
