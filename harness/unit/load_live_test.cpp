// What systemd makes of the lines of a unit, and what is told of it.
#include "unit/load_live_test.h"

namespace sandproof {
namespace {

using namespace testing_support;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

TEST_F(LoadUnit, AUnitWithNothingHasNoSettings) {
  const auto loaded = load_text("");
  EXPECT_THAT(loaded.unit.directives, IsEmpty());
  EXPECT_THAT(loaded.notes, IsEmpty());
  EXPECT_THAT(loaded.unit.not_of_the_sandbox, ElementsAre("ExecStart"));
  for (const auto& name : loaded.unit.settings.changed()) EXPECT_THAT(name, StartsWith("Exec"));
}

TEST_F(LoadUnit, UnknownKeysAreIgnored) {
  EXPECT_THAT(ignored(load_text("ProtectHom=yes\nFoo=bar\nProtectEverything2=yes\n")),
              ElementsAre("3 ProtectHom=yes: unknown to systemd " + version() +
                              "; did you mean ProtectHome=?",
                          "4 Foo=bar: unknown to systemd " + version(),
                          "5 ProtectEverything2=yes: unknown to systemd " + version()));
}

TEST_F(LoadUnit, WhatIsOfALaterSystemdIsIgnored) {
  const auto loaded = load_text("PrivatePIDs=yes\nPrivateTmp=disconnected\n");
  const std::string because = ": needs systemd 257, and this is " + version();
  if (manager_->facts().systemd < 257) {
    EXPECT_THAT(ignored(loaded),
                ElementsAre("3 PrivatePIDs=yes" + because, "4 PrivateTmp=disconnected" + because));
  } else {
    EXPECT_THAT(in_force(loaded), ElementsAre("3 PrivatePIDs=yes", "4 PrivateTmp=disconnected"));
  }
}

TEST_F(LoadUnit, WhatStandsInTheWrongSectionIsIgnored) {
  EXPECT_THAT(
      ignored(load_text("After=a.target\n[Unit]\nProtectHome=yes\n[Install]\nNoNewPrivileges=yes\n"
                        "[Sevice]\nProtectClock=yes\n")),
      ElementsAre("3 After=a.target: it stands in [Service] and belongs into [Unit]",
                  "5 ProtectHome=yes: it stands in [Unit] and belongs into [Service]",
                  "7 NoNewPrivileges=yes: it stands in [Install] and belongs into [Service]",
                  "9 ProtectClock=yes: systemd knows no section [Sevice] in a service; did you "
                  "mean [Service]?"));
}

TEST_F(LoadUnit, WhatStandsBeforeAnySectionIsIgnored) {
  EXPECT_THAT(
      ignored(load(file("x.service", "PrivateTmp=yes\n[Service]\nExecStart=/bin/true\n"))),
      ElementsAre("1 PrivateTmp=yes: it stands before the first section; move it into [Service]"));
}

TEST_F(LoadUnit, BadValuesAreIgnored) {
  EXPECT_THAT(ignored(load_text("ProtectSystem=strickt\nPrivateTmp=ja\nUMask=0999\nMemoryMax=1Gx\n"
                                "LimitNOFILE=many\nProtectHome yes\nProtectClock=\n")),
              ElementsAre("3 ProtectSystem=strickt: systemd says", "4 PrivateTmp=ja: systemd says",
                          "5 UMask=0999: systemd says", "6 MemoryMax=1Gx: systemd says",
                          "7 LimitNOFILE=many: systemd says",
                          "8 ProtectHome=yes: there is no '=' in the line",
                          "9 ProtectClock=: systemd says"));
}

TEST_F(LoadUnit, CommentsAfterAValueMakeItBad) {
  const std::string because =
      ": systemd has no comments at the end of a line: it takes all of it as the value";
  const auto loaded = load_text("ProtectHome=yes # not /root\nReadWritePaths=/var/tmp # why\n");
  EXPECT_THAT(ignored(loaded), ElementsAre("3 ProtectHome=yes # not /root" + because,
                                           "4 ReadWritePaths=# why" + because));
  EXPECT_THAT(in_force(loaded), ElementsAre("4 ReadWritePaths=/var/tmp"));
}

TEST_F(LoadUnit, OneBadWordOfAListIsIgnoredAndTheRestIsInForce) {
  const auto loaded = load_text(
      "RestrictAddressFamilies=AF_INET AF_TYPO\nSystemCallFilter=@system-service nosuchcall\n"
      "CapabilityBoundingSet=CAP_KILL CAP_TYPO\nReadOnlyPaths=relative /srv\n");
  EXPECT_THAT(ignored(loaded),
              ElementsAre("3 RestrictAddressFamilies=AF_TYPO: systemd says",
                          "4 SystemCallFilter=nosuchcall: systemd says",
                          "5 CapabilityBoundingSet=CAP_TYPO: no capability, and systemd does not "
                          "say so",
                          "6 ReadOnlyPaths=relative: systemd says"));
  EXPECT_THAT(in_force(loaded),
              ElementsAre("3 RestrictAddressFamilies=AF_INET", "4 SystemCallFilter=@system-service",
                          "5 CapabilityBoundingSet=CAP_KILL", "6 ReadOnlyPaths=/srv"));
}

TEST_F(LoadUnit, ADenyListOfTyposDeniesNothing) {
  const auto loaded = load_text(
      "CapabilityBoundingSet=CAP_KILL\nCapabilityBoundingSet=~CAP_TYPO\n"
      "RestrictAddressFamilies=~AF_TYPO\n");
  EXPECT_THAT(ignored(loaded),
              ElementsAre("3 CapabilityBoundingSet=CAP_KILL: undone by x.service:4 "
                          "(CapabilityBoundingSet=~CAP_TYPO), which systemd takes for all "
                          "capabilities",
                          "4 CapabilityBoundingSet=~CAP_TYPO: no capability, and systemd does not "
                          "say so",
                          "5 RestrictAddressFamilies=~AF_TYPO: systemd says"));
  EXPECT_THAT(in_force(loaded), IsEmpty());
  EXPECT_THAT(implied(loaded), IsEmpty());
}

TEST_F(LoadUnit, CommasMakeOneCapabilityOfTwo) {
  const auto loaded = load_text("AmbientCapabilities=CAP_KILL,CAP_CHOWN\n");
  EXPECT_THAT(ignored(loaded),
              ElementsAre("3 AmbientCapabilities=CAP_KILL,CAP_CHOWN: no capability, and systemd "
                          "does not say so; spaces set them apart, not commas"));
}

TEST_F(LoadUnit, LaterLinesAndDropInsTakeEarlierOnesOutOfForce) {
  file("x.service.d/10-lift.conf",
       "[Service]\nProtectHome=no\nSystemCallFilter=\nExecStart=\nExecStart=/bin/true\n");
  const auto loaded = load_text(
      "ProtectHome=yes\nSystemCallFilter=@system-service\n"
      "SystemCallFilter=~@mount\nPrivateTmp=yes\nPrivateTmp=no\n");
  EXPECT_THAT(ignored(loaded),
              ElementsAre("3 ProtectHome=yes: overridden by x.service.d/10-lift.conf:2 "
                          "(ProtectHome=no)",
                          "4 SystemCallFilter=@system-service: reset by "
                          "x.service.d/10-lift.conf:3 (SystemCallFilter=)",
                          "5 SystemCallFilter=~@mount: reset by x.service.d/10-lift.conf:3 "
                          "(SystemCallFilter=)",
                          "6 PrivateTmp=yes: overridden by x.service:7 (PrivateTmp=no)"));
  EXPECT_THAT(in_force(loaded),
              ElementsAre("7 PrivateTmp=no", "2 ProtectHome=no", "3 SystemCallFilter="));
}

TEST_F(LoadUnit, WhatADynamicUserKeepsUpIsNoLoss) {
  const auto loaded = load_text("DynamicUser=yes\nProtectSystem=strict\nProtectSystem=full\n");
  EXPECT_THAT(ignored(loaded), IsEmpty());
  EXPECT_EQ(loaded.unit.settings.text("ProtectSystem"), "strict");
}

TEST_F(LoadUnit, ADefaultThatIsWrittenOutIsInForce) {
  const auto loaded = load_text("KeyringMode=private\nAmbientCapabilities=\nPrivateTmp=off\n");
  EXPECT_THAT(ignored(loaded), IsEmpty());
  EXPECT_THAT(in_force(loaded),
              ElementsAre("3 KeyringMode=private", "4 AmbientCapabilities=", "5 PrivateTmp=off"));
}

TEST_F(LoadUnit, WhatADynamicUserImplies) {
  const std::string tmp = manager_->facts().systemd < 257 ? "yes" : "disconnected";
  EXPECT_THAT(implied(load_text("DynamicUser=yes\n")),
              ElementsAre("DynamicUser: Group=x", "DynamicUser: NoNewPrivileges=yes",
                          "DynamicUser: PrivateTmp=" + tmp, "DynamicUser: ProtectHome=read-only",
                          "DynamicUser: ProtectSystem=strict", "DynamicUser: RemoveIPC=yes",
                          "DynamicUser: RestrictSUIDSGID=yes", "DynamicUser: User=x"));
}

TEST_F(LoadUnit, WhatTheKernelsProtectionsImply) {
  EXPECT_THAT(
      implied(load_text("PrivateDevices=yes\nProtectClock=yes\nProtectKernelModules=yes\n"
                        "ProtectKernelLogs=yes\n")),
      ElementsAre("PrivateDevices, ProtectKernelModules, ProtectKernelLogs, ProtectClock: "
                  "CapabilityBoundingSet=~CAP_SYS_MODULE CAP_SYS_RAWIO CAP_SYS_TIME "
                  "CAP_MKNOD CAP_SYSLOG CAP_WAKE_ALARM",
                  "ProtectClock: DeviceAllow=char-rtc r", "PrivateDevices: DevicePolicy=closed"));
}

// Taken by the systemd or not: then all that it keeps is that it is a list of what is allowed.
TEST_F(LoadUnit, AListOfFileSystemsImpliesNothing) {
  EXPECT_THAT(implied(load_text("RestrictFileSystems=ext4 tmpfs\n")), IsEmpty());
}

TEST_F(LoadUnit, CommandsOutsideOfTheSandboxAreNamed) {
  const auto loaded = load_text(
      "ExecStartPre=+/bin/true\nExecStartPre=-!/bin/true ; !!/bin/true\n"
      "ExecStop=@+/bin/true true\nExecStop=/bin/true\n");
  std::vector<std::string> commands;
  for (const auto& command : loaded.unit.exempt) {
    commands.push_back(std::to_string(command.line) + " " + command.command + command.prefix);
  }
  std::vector<std::string> expected = {"3 ExecStartPre+", "4 ExecStartPre!", "4 ExecStartPre!!",
                                       "5 ExecStop+"};
  if (manager_->facts().systemd >= 258) expected.erase(expected.begin() + 2);
  EXPECT_EQ(commands, expected);
}

TEST_F(LoadUnit, AMistakeOutsideOfTheSandboxIsANote) {
  const auto loaded = load_text("Restart=alwayss\n[Unit]\nDescripton=x\n");
  EXPECT_THAT(loaded.unit.directives, IsEmpty());
  EXPECT_THAT(loaded.notes,
              ElementsAre(HasSubstr("x.service:3: systemd says \""),
                          HasSubstr("x.service:5: Descripton=x is unknown to systemd " + version() +
                                    "; did you mean Description=?")));
}

TEST_F(LoadUnit, ASecondFileOfTheSameNameIsTheOneThatCounts) {
  EXPECT_THAT(in_force(load_text("PrivateTmp=yes\n")), ElementsAre("3 PrivateTmp=yes"));
  EXPECT_THAT(in_force(load_text("ProtectHome=yes\n")), ElementsAre("3 ProtectHome=yes"));
}

TEST_F(LoadUnit, DropInsOfTheMachineAreNotTheFiles) {
  put_into_the_throwaway("/etc/systemd/system/x.service.d/machine.conf",
                         "[Service]\nPrivateTmp=yes\n");
  const auto loaded = load_text("ProtectHome=yes\n");
  EXPECT_THAT(in_force(loaded), ElementsAre("3 ProtectHome=yes"));
  EXPECT_EQ(loaded.unit.files.size(), 1U);
}

TEST_F(LoadUnit, AnInstalledUnitHasItsOwnFiles) {
  put_into_the_throwaway("/etc/systemd/system/y.service",
                         "[Service]\nExecStart=/bin/true\nProtectHom=yes\n");
  put_into_the_throwaway("/run/systemd/system/y.service.d/z.conf", "[Service]\nPrivateTmp=yes\n");
  const auto loaded = load("y");
  EXPECT_EQ(loaded.unit.name, "y.service");
  EXPECT_THAT(loaded.unit.files, ElementsAre("/etc/systemd/system/y.service",
                                             "/run/systemd/system/y.service.d/z.conf"));
  EXPECT_THAT(ignored(loaded), ElementsAre(StartsWith("3 ProtectHom=yes: unknown")));
  EXPECT_THAT(in_force(loaded), ElementsAre("2 PrivateTmp=yes"));
}

TEST_F(LoadUnit, AnInstanceHasItsTemplatesLines) {
  file("t@.service", "[Service]\nExecStart=/bin/true\nReadWritePaths=/var/lib/%i\n");
  const auto loaded = load(folder_ / "t@one.service");
  EXPECT_EQ(loaded.unit.name, "t@one.service");
  EXPECT_THAT(in_force(loaded), ElementsAre("3 ReadWritePaths=/var/lib/%i"));
  EXPECT_THAT(loaded.unit.settings.texts("ReadWritePaths"), ElementsAre("/var/lib/one"));
}

TEST_F(LoadUnit, AUnitThatSystemdRefusesIsBadInput) {
  EXPECT_THAT(error_of(file("x.service", "[Unit]\nDescription=x\n")),
              HasSubstr("x.service: systemd refuses to load it: Service has no ExecStart="));
  EXPECT_THAT(error_of(file("r.service", "[Service]\nExecStart=rel/ative\n")),
              HasSubstr("r.service:2: Neither a valid executable name nor an absolute path"));
  EXPECT_THAT(error_of("no-such-unit"), HasSubstr("systemd knows no unit no-such-unit.service"));
  EXPECT_THAT(error_of(file("no-such-unit.service.d/a.conf", "[Service]\nPrivateTmp=yes\n")),
              HasSubstr("is a drop-in for no-such-unit.service, which is not installed"));
  ASSERT_EQ(
      symlink("/dev/null", (manager_->files().name() / "etc/systemd/system/m.service").c_str()), 0);
  EXPECT_THAT(error_of("m.service"), HasSubstr("m.service is masked"));
}

TEST_F(LoadUnit, ADropInForEveryServiceIsNotOfThePristineUnit) {
  const std::string drop_in = "/etc/systemd/system/service.d/all.conf";
  put_into_the_throwaway(drop_in, "[Service]\nPrivateTmp=yes\n");
  ASSERT_TRUE(
      std::holds_alternative<std::vector<Value>>(manager_->bus().call_manager("Reload", {})));
  const auto pristine = find_pristine(*manager_);
  ASSERT_TRUE(pristine) << pristine.error().message;
  EXPECT_THAT(pristine->global_drop_ins, ElementsAre(drop_in));
  EXPECT_EQ(pristine->properties, pristine_);
  const auto loaded = load_text("");
  EXPECT_THAT(in_force(loaded), ElementsAre("2 PrivateTmp=yes"));
  EXPECT_TRUE(loaded.unit.settings.is_changed("PrivateTmp"));
  EXPECT_THAT(loaded.notes, ElementsAre(drop_in + " applies to every service of the machine"));
}

}  // namespace
}  // namespace sandproof
