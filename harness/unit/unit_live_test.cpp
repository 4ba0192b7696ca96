#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "unit/load.h"
#include "unit/prepare.h"
#include "unit/pristine.h"

namespace sandproof {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

std::string units(const std::string& name) { return SANDPROOF_SOURCE_DIR "/units/" + name; }

class LoadUnit : public testing::Test {
 protected:
  void SetUp() override {
    auto manager = boot_throwaway({});
    ASSERT_TRUE(manager) << manager.error().message;
    manager_ = *std::move(manager);
    auto pristine = pristine_properties(*manager_);
    ASSERT_TRUE(pristine) << pristine.error().message;
    pristine_ = *std::move(pristine);
    std::string pattern = testing::TempDir() + "/sandproof-unit-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& content) const {
    const fs::path path = folder_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << content;
    return path;
  }

  void put_into_the_throwaway(const std::string& path, const std::string& content) const {
    ASSERT_TRUE(manager_->files().make_folders(fs::path(path).parent_path().string()));
    ASSERT_TRUE(manager_->files().write_new(path, content, 0644));
  }

  LoadedUnit load(const std::string& what) {
    auto loaded = load_unit(*manager_, what, pristine_);
    EXPECT_TRUE(loaded) << loaded.error().message;
    return loaded ? *std::move(loaded) : LoadedUnit();
  }
  LoadedUnit load_text(const std::string& text) {
    return load(write("x.service", "[Service]\nExecStart=/bin/true\n" + text));
  }
  std::string error_of(const std::string& what) {
    const auto loaded = load_unit(*manager_, what, pristine_);
    if (loaded) return "";
    EXPECT_EQ(loaded.error().kind, Error::Kind::bad_input);
    return loaded.error().message;
  }

  // "NAME=VALUE", with "NAME:" for a file's name and what systemd says cut short: its words change
  // from version to version.
  std::vector<std::string> written(const std::vector<Directive>& directives, bool ignored) const {
    std::vector<std::string> result;
    for (const auto& directive : directives) {
      if (directive.is_ignored() != ignored || directive.implied_by) continue;
      std::string because = directive.ignored_because;
      if (because.starts_with("systemd says ")) because = "systemd says";
      std::string text = std::to_string(directive.line) + " " + directive.name + "=" +
                         directive.value + (ignored ? ": " + because : "");
      for (auto at = text.find(folder_.string()); at != std::string::npos;
           at = text.find(folder_.string())) {
        text.erase(at, folder_.string().size() + 1);
      }
      result.push_back(std::move(text));
    }
    return result;
  }
  std::vector<std::string> ignored(const LoadedUnit& loaded) const {
    return written(loaded.unit.directives, true);
  }
  std::vector<std::string> in_force(const LoadedUnit& loaded) const {
    return written(loaded.unit.directives, false);
  }
  static std::vector<std::string> implied(const LoadedUnit& loaded) {
    std::vector<std::string> result;
    for (const auto& directive : loaded.unit.directives) {
      if (!directive.implied_by) continue;
      result.push_back(*directive.implied_by + ": " + directive.name + "=" + directive.value);
    }
    return result;
  }

  std::string version() const { return std::to_string(manager_->facts().systemd); }

  std::unique_ptr<Manager> manager_;
  Properties pristine_;
  fs::path folder_;
};

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
      ignored(load(write("x.service", "PrivateTmp=yes\n[Service]\nExecStart=/bin/true\n"))),
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
  write("x.service.d/10-lift.conf",
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
  write("t@.service", "[Service]\nExecStart=/bin/true\nReadWritePaths=/var/lib/%i\n");
  const auto loaded = load(folder_ / "t@one.service");
  EXPECT_EQ(loaded.unit.name, "t@one.service");
  EXPECT_THAT(in_force(loaded), ElementsAre("3 ReadWritePaths=/var/lib/%i"));
  EXPECT_THAT(loaded.unit.settings.texts("ReadWritePaths"), ElementsAre("/var/lib/one"));
}

TEST_F(LoadUnit, AUnitThatSystemdRefusesIsBadInput) {
  EXPECT_THAT(error_of(write("x.service", "[Unit]\nDescription=x\n")),
              HasSubstr("x.service: systemd refuses to load it: Service has no ExecStart="));
  EXPECT_THAT(error_of(write("r.service", "[Service]\nExecStart=rel/ative\n")),
              HasSubstr("r.service:2: Neither a valid executable name nor an absolute path"));
  EXPECT_THAT(error_of("no-such-unit"), HasSubstr("systemd knows no unit no-such-unit.service"));
  EXPECT_THAT(error_of(write("no-such-unit.service.d/a.conf", "[Service]\nPrivateTmp=yes\n")),
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
  write("x.socket", "[Socket]\nListenStream=127.0.0.1:61998\n");
  EXPECT_THAT(
      load_text("PrivateNetwork=yes\nRestrictAddressFamilies=AF_UNIX\n").notes,
      ElementsAre("the sockets of x.socket are made outside of the sandbox and handed to the "
                  "unit: PrivateNetwork=, RestrictAddressFamilies= do not restrict them"));
  EXPECT_THAT(load_text("PrivateNetwork=no\nProtectClock=yes\n").notes, IsEmpty());
}

TEST_F(LoadUnit, ASocketOfAnotherServiceIsNotItsOwn) {
  write("x.socket", "[Socket]\nListenStream=127.0.0.1:61998\nService=y.service\n");
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

// Preparing

class Prepare : public LoadUnit {
 protected:
  std::vector<std::string> prepare_text(const std::string& text) {
    auto made = prepare(*manager_, load_text(text).unit);
    EXPECT_TRUE(made) << made.error().message;
    return made ? *made : std::vector<std::string>();
  }
  std::string facts_of(const std::string& path) const {
    struct stat facts {};
    // Relative, so that it stays in the throwaway's root.
    const auto real = manager_->files().name() / path.substr(1);
    if (lstat(real.c_str(), &facts) < 0) return "absent";
    char mode[8];
    std::snprintf(mode, sizeof(mode), "%04o", facts.st_mode & 07777);
    return std::string(S_ISDIR(facts.st_mode) ? "folder " : "file ") + mode + " " +
           owner(facts.st_uid, "/etc/passwd") + ":" + owner(facts.st_gid, "/etc/group");
  }
  std::string owner(unsigned id, const std::string& database) const {
    for (const auto& line : split(*manager_->files().read(database), '\n')) {
      const auto fields = split(line, ':');
      if (fields.size() > 2 && fields[2] == std::to_string(id)) return fields[0];
    }
    return std::to_string(id);
  }
};

TEST_F(Prepare, NothingIsMadeForAUnitThatNeedsNothing) {
  EXPECT_THAT(prepare_text("User=nobody\nReadWritePaths=/var/tmp -/no/such/folder\n"), IsEmpty());
}

TEST_F(Prepare, UsersAndGroupsAreMade) {
  EXPECT_THAT(prepare_text("User=worker\nGroup=workers\nSupplementaryGroups=helpers nogroup\n"),
              ElementsAre("user worker", "group workers", "group helpers"));
  const auto passwd = manager_->files().read("/etc/passwd");
  const auto group = manager_->files().read("/etc/group");
  EXPECT_THAT(*passwd, HasSubstr("\nworker:"));
  EXPECT_THAT(*group, HasSubstr("\nworkers:"));
  EXPECT_THAT(*group, HasSubstr("\nhelpers:"));
}

TEST_F(Prepare, AUserComesWithItsGroup) {
  EXPECT_THAT(prepare_text("User=worker\nGroup=worker\n"), ElementsAre("user worker"));
  EXPECT_THAT(*manager_->files().read("/etc/group"), HasSubstr("\nworker:"));
}

TEST_F(Prepare, FoldersAndFilesAreMadeForTheirOwners) {
  EXPECT_THAT(
      prepare_text("User=worker\nReadWritePaths=/srv/data +/srv/plus /var/lib/own\n"
                   "ReadOnlyPaths=/srv/100%% \"/srv/with space\" /srv/conf.d /srv/settings.json\n"
                   "BindPaths=/srv/source:/srv/target -/srv/not:/x\nStateDirectory=own\n"
                   "StateDirectoryMode=0711\nWorkingDirectory=/srv/work\n"
                   "LoadCredential=one:/srv/creds/one\nLoadCredential=two:relative\n"),
      ElementsAre("user worker", "/srv/data", "/srv/plus", "/srv/100%", "/srv/with space",
                  "/srv/conf.d", "/srv/settings.json", "/srv/source", "/srv/creds/one",
                  "/srv/work"));
  EXPECT_EQ(facts_of("/srv/data"), "folder 0755 worker:worker");
  EXPECT_EQ(facts_of("/srv/plus"), "folder 0755 worker:worker");
  // systemd makes it when the unit starts.
  EXPECT_EQ(facts_of("/var/lib/own"), "absent");
  EXPECT_EQ(facts_of("/srv/100%"), "folder 0755 root:root");
  EXPECT_EQ(facts_of("/srv/with space"), "folder 0755 root:root");
  EXPECT_EQ(facts_of("/srv/conf.d"), "folder 0755 root:root");
  EXPECT_EQ(facts_of("/srv/settings.json"), "file 0640 worker:worker");
  EXPECT_EQ(facts_of("/srv/source"), "folder 0755 root:root");
  EXPECT_EQ(facts_of("/srv/creds/one"), "file 0600 root:root");
  EXPECT_EQ(facts_of("/srv/work"), "folder 0755 worker:worker");
  EXPECT_EQ(facts_of("/srv/target"), "absent");
  EXPECT_EQ(*manager_->files().read("/srv/creds/one"), "sandproof\n");
}

TEST_F(Prepare, TheUnitsOfTheProjectGetWhatTheyNeed) {
  const auto prepared = [this](const std::string& name) {
    auto made = prepare(*manager_, load(units(name)).unit);
    EXPECT_TRUE(made) << made.error().message;
    return made ? *made : std::vector<std::string>();
  };
  EXPECT_THAT(prepared("runwisp.service"),
              ElementsAre("user runwisp", "/var/lib/runwisp", "/etc/runwisp"));
  EXPECT_THAT(prepared("cloudflared-tunnel.service"),
              ElementsAre("user cloudflared", "/run/agenix/cloudflare_tunnel_token"));
  EXPECT_EQ(facts_of("/run/agenix/cloudflare_tunnel_token"), "file 0640 cloudflared:cloudflared");
  EXPECT_THAT(prepared("fluxheim-acme.service"),
              ElementsAre("user fluxheim", "/etc/fluxheim", "/srv/fluxheim",
                          "/etc/fluxheim/secrets/actalis-eab-hmac-key",
                          "/etc/fluxheim/secrets/actalis-eab-kid"));
  EXPECT_THAT(prepared("fluxheim.service"), IsEmpty());
  EXPECT_THAT(prepared("numa.service"), IsEmpty());
  EXPECT_THAT(prepared("numa-1-user.service"), ElementsAre("user numa"));
}

}  // namespace
}  // namespace sandproof
