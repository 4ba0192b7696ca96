// The units of units/, and the sockets that a unit is handed.
#include "unit/load_live_test.h"

namespace sandproof {
namespace {

using namespace testing_support;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(LoadUnit, TheUnitsOfTheProjectHaveOneIgnoredDirective) {
  for (const char* name : {"fluxheim", "fluxheim-acme", "numa", "numa-1-user", "numa-2-guess",
                           "numa-3-dynamic", "runwisp"}) {
    const auto loaded = load(units(std::string(name) + ".service"));
    EXPECT_THAT(ignored(loaded), IsEmpty()) << name;
    EXPECT_THAT(loaded.notes, IsEmpty()) << name;
    EXPECT_THAT(loaded.unit.exempt, IsEmpty()) << name;
  }
  if (manager_->facts().systemd < 257) {
    EXPECT_THAT(ignored(load(units("cloudflared-tunnel.service"))),
                ElementsAre("26 PrivatePIDs=true: needs systemd 257, and this is " + version()));
  }
  EXPECT_THAT(error_of(units("fluxheim-acme.timer")), HasSubstr("is a timer unit"));
}

TEST_F(LoadUnit, NumaHasWhatItsDynamicUserImplies) {
  EXPECT_THAT(implied(load(units("numa.service"))),
              ElementsAre("PrivateDevices: DevicePolicy=closed", "DynamicUser: Group=numa",
                          "DynamicUser: ProtectHome=read-only", "DynamicUser: RemoveIPC=yes",
                          "DynamicUser: User=numa"));
}

TEST_F(LoadUnit, RunwispHasALineForEachOfItsDirectives) {
  const auto loaded = load(units("runwisp.service"));
  EXPECT_THAT(
      in_force(loaded),
      ElementsAre("11 User=runwisp", "12 Group=runwisp", "29 NoNewPrivileges=true",
                  "30 ProtectSystem=strict", "31 ProtectHome=true", "32 PrivateTmp=true",
                  "33 PrivateDevices=true", "34 ProtectKernelTunables=true",
                  "35 ProtectKernelModules=true", "36 ProtectControlGroups=true",
                  "37 RestrictSUIDSGID=true", "38 LockPersonality=true", "39 RestrictRealtime=true",
                  "42 ReadWritePaths=/var/lib/runwisp", "43 ReadOnlyPaths=/etc/runwisp"));
  EXPECT_THAT(loaded.unit.not_of_the_sandbox,
              ElementsAre("Type", "EnvironmentFile", "ExecStart", "Restart", "RestartSec",
                          "KillSignal", "TimeoutStopSec"));
  for (const auto& directive : loaded.unit.directives) {
    EXPECT_EQ(directive.file, directive.implied_by ? "" : units("runwisp.service"));
  }
}

TEST_F(LoadUnit, SocketsThatItIsHandedAreNotOfItsSandbox) {
  file("x.socket", "[Socket]\nListenStream=127.0.0.1:61998\n");
  EXPECT_THAT(
      load_text("PrivateNetwork=yes\nRestrictAddressFamilies=AF_UNIX\n").notes,
      ElementsAre("the sockets of x.socket are made outside of the sandbox and handed to the "
                  "unit: PrivateNetwork=, RestrictAddressFamilies= do not restrict them"));
  EXPECT_THAT(load_text("PrivateNetwork=no\nProtectClock=yes\n").notes, IsEmpty());
}

TEST_F(LoadUnit, ASocketOfAnotherServiceIsNotItsOwn) {
  file("x.socket", "[Socket]\nListenStream=127.0.0.1:61998\nService=y.service\n");
  EXPECT_THAT(load_text("PrivateNetwork=yes\n").notes, IsEmpty());
}

TEST_F(LoadUnit, ItsOwnFileMayNameItsSockets) {
  put_into_the_throwaway("/etc/systemd/system/other.socket",
                         "[Socket]\nListenStream=127.0.0.1:61998\nService=x.service\n");
  EXPECT_THAT(load_text("Sockets=other.socket\nPrivateNetwork=yes\n").notes,
              ElementsAre(HasSubstr("the sockets of other.socket ")));
}

TEST_F(LoadUnit, TheJournalsDropInIsAppliedToTheInstalledJournal) {
  const auto path = units("systemd-journald.service.d/hardening.conf");
  const auto loaded = load(path);
  EXPECT_EQ(loaded.unit.name, "systemd-journald.service");
  EXPECT_THAT(ignored(loaded), IsEmpty());
  EXPECT_TRUE(loaded.unit.settings.boolean("PrivateNetwork"));
  std::vector<std::string> of_the_drop_in;
  for (const auto& directive : loaded.unit.directives) {
    if (directive.file == path) of_the_drop_in.push_back(directive.name);
  }
  EXPECT_THAT(of_the_drop_in,
              ElementsAre("UMask", "PrivateNetwork", "ProtectHostname", "ProtectKernelModules"));
  EXPECT_THAT(loaded.unit.files, Contains(path));
}

}  // namespace
}  // namespace sandproof
