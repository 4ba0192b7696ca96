// What a check finds beyond its verdicts: what shuts an open side door, and which directive carries
// what; each seen on a throwaway.
#include <gmock/gmock.h>

#include <algorithm>
#include <csignal>
#include <fstream>

#include "base/random.h"
#include "check/check.h"
#include "testing/throwaway.h"

namespace sandproof {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Optional;

class CheckOnThrowaway : public testing_support::OnThrowaway {
 protected:
  static CheckResult check(const std::string& service, bool ablate = false) {
    return check_on(manager(), service, ablate);
  }
  static CheckResult check_on(Manager& manager, const std::string& service, bool ablate = false) {
    const auto folder = std::filesystem::temp_directory_path() / random_name();
    std::filesystem::create_directory(folder);
    const auto file = folder / ("x" + random_name() + ".service");
    std::ofstream(file) << "[Service]\nExecStart=/bin/true\n" << service;
    CheckOptions options;
    options.probes = testing_support::probes();
    options.ablate = ablate;
    auto result = check_unit(manager, file.string(), options);
    std::filesystem::remove_all(folder);
    EXPECT_TRUE(result) << (result ? "" : result.error().message);
    return result ? *result : CheckResult();
  }
};

const AttemptResult* find(const CheckResult& check, const Attempt& attempt) {
  const auto found =
      std::find_if(check.attempts.begin(), check.attempts.end(),
                   [&attempt](const AttemptResult& each) { return each.attempt == attempt; });
  return found == check.attempts.end() ? nullptr : &*found;
}

// Its other arguments are the machine's.
const AttemptResult* find_door(const CheckResult& check, const std::string& probe,
                               const std::string& last) {
  const auto found =
      std::find_if(check.attempts.begin(), check.attempts.end(), [&](const AttemptResult& each) {
        const auto& args = each.attempt.args;
        return each.attempt.probe == probe && !args.empty() && args.back().starts_with(last);
      });
  return found == check.attempts.end() ? nullptr : &*found;
}

const AttemptResult* find_umount_door(const CheckResult& check) {
  return find_door(check, "fs-by-umount", "/home");
}

TEST_F(CheckOnThrowaway, EveryRemedyShutsItsDoorInAUnitThatHasIt) {
  const auto before = check("ProtectHome=yes\n");
  const auto* open = find_umount_door(before);
  ASSERT_NE(open, nullptr);
  EXPECT_EQ(open->judgement.verdict, Verdict::bypassed);
  EXPECT_THAT(open->shut_by, Contains("CapabilityBoundingSet=~CAP_SYS_ADMIN"));
  EXPECT_THAT(open->shut_by, Contains("SystemCallFilter=~@mount"));
  for (const auto& remedy : open->shut_by) {
    const auto after = check("ProtectHome=yes\n" + remedy + "\n");
    const auto* shut = find_umount_door(after);
    ASSERT_NE(shut, nullptr) << remedy;
    EXPECT_EQ(shut->judgement.verdict, Verdict::held) << remedy;
  }
}

// systemd turns some of these lists round, and of file systems it may take none.
TEST_F(CheckOnThrowaway, ListsAreInTheClonesAsTheUnitHasThem) {
  const auto result = check(
      "SocketBindDeny=tcp:80\nSocketBindDeny=ipv4:udp:53\nIPAddressDeny=any\n"
      "IPAddressAllow=10.0.0.1 10.1.0.0/16\nDeviceAllow=/dev/null r\nDeviceAllow=/dev/zero r\n"
      "RestrictFileSystems=ext4 tmpfs\nTemporaryFileSystem=/srv /mnt:ro\nBindPaths=/home:/opt\n"
      "Delegate=pids memory\nRestrictNetworkInterfaces=a b c d e f g h\n"
      "LoadCredential=a:/etc/hostname\nLoadCredential=b:/etc/hostname\nLoadCredential=c:/etc/"
      "fstab\n"
      "LoadCredential=d:/etc/passwd\nSetCredential=e:1\nSetCredential=f:2\nSetCredential=g:3\n");
  EXPECT_THAT(result.uncopied, IsEmpty());
}

const DirectiveResult* find_directive(const CheckResult& check, const std::string& name) {
  const auto found =
      std::find_if(check.directives.begin(), check.directives.end(),
                   [&name](const DirectiveResult& each) { return each.directive.name == name; });
  return found == check.directives.end() ? nullptr : &*found;
}

TEST_F(CheckOnThrowaway, WhatAFilterKillsIsTriedOnceMoreBehindIt) {
  const auto result = check(
      "ProtectClock=yes\nProtectHostname=yes\nRestrictRealtime=yes\n"
      "SystemCallFilter=~@clock @resources sethostname\nUser=nobody\n");
  for (const auto* name : {"ProtectClock", "ProtectHostname", "RestrictRealtime"}) {
    const auto* directive = find_directive(result, name);
    ASSERT_NE(directive, nullptr) << name;
    EXPECT_EQ(directive->status, Status::held) << name;
  }
  for (const Attempt& attempt : {Attempt{"set-time", {}}, Attempt{"set-hostname", {}}}) {
    const auto* hidden = find(result, attempt);
    ASSERT_NE(hidden, nullptr) << to_string(attempt);
    EXPECT_EQ(hidden->square.sandboxed_root, Outcome::killed(SIGSYS));
    EXPECT_EQ(hidden->judgement.proof, Proof::root);
    EXPECT_EQ(hidden->judgement.reason,
              "denied EPERM without SystemCallFilter=, which stops it first");
    EXPECT_THAT(hidden->reproduce, Not(HasSubstr("SystemCallFilter")));
  }
}

// A systemd without BPF does not enforce SocketBindDeny=, and no filter makes that good.
TEST_F(CheckOnThrowaway, WhatDoesNotHoldBehindAFilterIsNotHeld) {
  const auto alone = check("User=nobody\nSocketBindDeny=any\n");
  const auto* plain = find_directive(alone, "SocketBindDeny");
  const auto behind = check("User=nobody\nSocketBindDeny=any\nSystemCallFilter=~bind\n");
  const auto* hidden = find_directive(behind, "SocketBindDeny");
  ASSERT_NE(plain, nullptr);
  ASSERT_NE(hidden, nullptr);
  if (plain->status == Status::leaked) {
    EXPECT_EQ(hidden->status, Status::unproven);
    EXPECT_THAT(hidden->reason, HasSubstr("without SystemCallFilter= it is allowed"));
  } else {
    EXPECT_EQ(hidden->status, plain->status);
  }
}

// There the covered file is not there at all, and what can be taken away is further up.
TEST_F(CheckOnThrowaway, APrivateTmpIsTakenAwayWithoutANamespace) {
  const auto result = check("PrivateTmp=yes\nRestrictNamespaces=yes\n");
  const auto* open = find_door(result, "fs-by-umount", "/tmp/");
  ASSERT_NE(open, nullptr);
  EXPECT_EQ(open->judgement.verdict, Verdict::bypassed);
  EXPECT_THAT(open->shut_by, Contains("CapabilityBoundingSet=~CAP_SYS_ADMIN"));
}

// Where API file systems are asked for, /run has a mount of its own, which stays writable.
TEST_F(CheckOnThrowaway, AStrictSystemLeaksRunAndWhatMendsItIsTold) {
  const Attempt write{"fs-write", {"/run"}};
  const auto alone = check("ProtectSystem=strict\n");
  const auto* held = find(alone, write);
  ASSERT_NE(held, nullptr);
  EXPECT_EQ(held->judgement.verdict, Verdict::held);
  EXPECT_THAT(held->shut_by, IsEmpty());
  for (const std::string user : {"", "User=nobody\n"}) {
    const auto beside = check("ProtectSystem=strict\nProtectControlGroups=yes\n" + user);
    const auto* leaks = find(beside, write);
    ASSERT_NE(leaks, nullptr) << user;
    EXPECT_EQ(leaks->judgement.verdict, Verdict::leaked) << user;
    EXPECT_THAT(leaks->shut_by, ElementsAre("ReadOnlyPaths=/run")) << user;
  }
}

// Of two entries of the same path systemd keeps one, and it is not the temporary file system.
TEST_F(CheckOnThrowaway, AnEmptyHomeThatIsNamedAgainShowsTheMachines) {
  const std::string empty = "ProtectHome=tmpfs\nCapabilityBoundingSet=~CAP_SYS_ADMIN\n";
  const auto alone = check(empty);
  const auto* hidden = find_door(alone, "fs-by-alias", "/home");
  ASSERT_NE(hidden, nullptr);
  EXPECT_EQ(hidden->judgement.verdict, Verdict::held);
  const auto beside = check(empty + "ReadOnlyPaths=/home\n");
  const auto* shown = find_door(beside, "fs-by-alias", "/home");
  ASSERT_NE(shown, nullptr);
  EXPECT_EQ(shown->judgement.verdict, Verdict::bypassed);
}

// systemd follows the link, and protects what it leads to.
TEST_F(CheckOnThrowaway, AHomeThatIsASymbolicLinkIsShutUnderBothNames) {
  auto other = boot_throwaway({});
  ASSERT_TRUE(other) << other.error().message;
  const auto& files = (*other)->files();
  ASSERT_TRUE(files.make_folders("/srv/homes/somebody"));
  ASSERT_TRUE(files.remove_all("/home"));
  const auto linked = (*other)->run_inside({"/bin/ln", "-s", "/srv/homes", "/home"});
  ASSERT_TRUE(linked);
  ASSERT_EQ(*linked, 0);

  const std::string capable_of_little =
      "CapabilityBoundingSet=~CAP_SYS_ADMIN CAP_SYS_PTRACE CAP_DAC_READ_SEARCH\n"
      "RestrictAddressFamilies=~AF_UNIX\n";
  const auto result = check_on(**other, "ProtectHome=yes\n" + capable_of_little);
  const auto* reach = find(result, {"fs-reach", {"/home"}});
  ASSERT_NE(reach, nullptr);
  EXPECT_EQ(reach->judgement.verdict, Verdict::held);
  const auto by_alias =
      std::find_if(result.attempts.begin(), result.attempts.end(),
                   [](const AttemptResult& each) { return each.attempt.probe == "fs-by-alias"; });
  ASSERT_NE(by_alias, result.attempts.end());
  EXPECT_EQ(by_alias->attempt.args.back(), "/srv/homes");
  EXPECT_EQ(by_alias->judgement.verdict, Verdict::held);

  const auto named = check_on(**other, "InaccessiblePaths=/srv/homes\n" + capable_of_little);
  const auto* homes = find(named, {"fs-reach", {"/srv/homes"}});
  ASSERT_NE(homes, nullptr);
  EXPECT_EQ(homes->judgement.verdict, Verdict::held);
}

TEST_F(CheckOnThrowaway, WhatOnlyKeepsTheProbeFromANamespaceIsNoRemedy) {
  const auto result = check("ProtectHome=yes\n");
  const auto* open = find_umount_door(result);
  ASSERT_NE(open, nullptr);
  EXPECT_THAT(open->shut_by, Not(Contains("RestrictNamespaces=yes")));
  EXPECT_THAT(open->shut_by, Not(Contains("SystemCallArchitectures=native")));
}

TEST_F(CheckOnThrowaway, ADoorThatNothingCommonShutsHasNoRemedy) {
  const auto result = check("RestrictSUIDSGID=yes\n");
  const auto* open = find(result, {"make-suid", {"tmpfile", "/dev/shm"}});
  ASSERT_NE(open, nullptr);
  EXPECT_EQ(open->judgement.verdict, Verdict::bypassed);
  EXPECT_THAT(open->shut_by, IsEmpty());
}

TEST_F(CheckOnThrowaway, AFileWithASetUserIdBitComesByIoUringUnlessItsCallsAreTakenAway) {
  const Attempt by_ring{"make-suid", {"io-uring", "/dev/shm"}};
  const auto before = check("User=nobody\nRestrictSUIDSGID=yes\n");
  const auto* open = find(before, by_ring);
  ASSERT_NE(open, nullptr);
  EXPECT_EQ(open->judgement.verdict, Verdict::bypassed);
  EXPECT_THAT(open->shut_by, Contains("SystemCallFilter=~@aio"));
  const auto after = check("User=nobody\nRestrictSUIDSGID=yes\nSystemCallFilter=~@aio\n");
  const auto* shut = find(after, by_ring);
  ASSERT_NE(shut, nullptr);
  EXPECT_EQ(shut->judgement.verdict, Verdict::held);
}

TEST_F(CheckOnThrowaway, RemediesAreFoundWhereTheSettingsFollowTheName) {
  const auto result = check(
      "ProtectHome=yes\nRuntimeDirectory=%N\nDynamicUser=yes\nUser=\n"
      "RestrictAddressFamilies=AF_INET\n");
  const auto* open = find(result, {"socket-family-i386", {"AF_NETLINK"}});
  ASSERT_NE(open, nullptr);
  EXPECT_THAT(open->shut_by, Contains("SystemCallArchitectures=native"));
}

// The exit statuses of the probes' protocol: probes/README.md.
std::optional<int> exit_status_of(const Outcome& outcome) {
  switch (outcome.kind) {
    case Outcome::Kind::denied:
      return 20;
    case Outcome::Kind::allowed:
      return 21;
    case Outcome::Kind::absent:
      return 22;
    default:
      return std::nullopt;
  }
}

TEST_F(CheckOnThrowaway, EveryReproduceLineShowsWhatTheReportSays) {
  install();
  const auto result = check(
      "User=nobody\nProtectSystem=strict\nProtectHome=yes\nPrivateTmp=yes\nNoNewPrivileges=yes\n"
      "ProtectProc=invisible\nProtectClock=yes\nRestrictSUIDSGID=yes\nProtectControlGroups=yes\n"
      "RestrictAddressFamilies=AF_UNIX\nCapabilityBoundingSet=~CAP_SYS_PTRACE\n"
      "StateDirectory=" +
      random_name() + "\n");
  const auto built = testing_support::probes().string();
  int reproduced = 0;
  for (const auto& attempt : result.attempts) {
    const auto expected = exit_status_of(
        attempt.is_shown_by_root() ? attempt.square.sandboxed_root : attempt.square.sandboxed_user);
    if (!expected) continue;
    std::string line = attempt.reproduce;
    for (auto at = line.find(built); at != std::string::npos; at = line.find(built)) {
      line.replace(at, built.size(), std::string(home) + "/probes");
    }
    const auto status = manager().run_inside({"/bin/sh", "-c", line + " >/dev/null 2>&1"});
    ASSERT_TRUE(status) << status.error().message;
    EXPECT_EQ(*status, *expected) << line;
    ++reproduced;
  }
  EXPECT_GE(reproduced, 50);
}

TEST_F(CheckOnThrowaway, TakingADirectiveAwayShowsWhatItCarries) {
  const auto result = check(
      "ProtectSystem=strict\nProtectHome=yes\nProtectClock=yes\nCapabilityBoundingSet=~CAP_SYS_"
      "TIME "
      "CAP_WAKE_ALARM\nUMask=0022\n",
      true);
  const auto load_of = [&result](const std::string& name) {
    for (const auto& each : result.directives) {
      if (each.directive.name == name) return each.load;
    }
    return std::optional<Load>();
  };
  EXPECT_EQ(load_of("ProtectSystem"), Load::bearing);
  EXPECT_EQ(load_of("ProtectHome"), Load::bearing);
  EXPECT_EQ(load_of("CapabilityBoundingSet"), Load::shared);
  EXPECT_EQ(load_of("UMask"), Load::idle);
  const auto* etc = find(result, {"fs-write", {"/etc"}});
  ASSERT_NE(etc, nullptr);
  EXPECT_THAT(etc->carried_by, Optional(ElementsAre("ProtectSystem")));
  EXPECT_FALSE(etc->is_shared);
  const auto* time =
      find(result, {"hold-capability", {"bounding", "CAP_SYS_TIME", "CAP_WAKE_ALARM"}});
  ASSERT_NE(time, nullptr);
  EXPECT_THAT(time->carried_by, Optional(ElementsAre("CapabilityBoundingSet", "ProtectClock")));
  EXPECT_TRUE(time->is_shared);
}

// The directories are there for all cells: a cell that gives them away is seen by those beside it.
TEST_F(CheckOnThrowaway, DirectoriesAreCarriedByTheirDirectivesAlone) {
  const auto name = random_name();
  const auto folder = "/var/lib/" + name;
  const auto result =
      check("User=nobody\nStateDirectory=" + name +
                "\nStateDirectoryMode=0700\nProtectSystem=strict\n"
                "ProtectHome=yes\nPrivateTmp=yes\nNoNewPrivileges=yes\nLockPersonality=yes\n"
                "RestrictRealtime=yes\nSystemCallFilter=~@swap\nUMask=0077\nPrivateDevices=yes\n",
            true);
  const auto carried_by = [&result](const Attempt& attempt) {
    const auto* found = find(result, attempt);
    return found == nullptr ? std::nullopt : found->carried_by;
  };
  EXPECT_THAT(carried_by({"fs-mode", {folder, "0700"}}),
              Optional(ElementsAre("StateDirectory", "StateDirectoryMode")));
  EXPECT_THAT(carried_by({"fs-owned", {folder}}), Optional(ElementsAre("StateDirectory", "User")));
  EXPECT_THAT(carried_by({"fs-write", {folder}}), Optional(ElementsAre("StateDirectory")));
}

TEST_F(CheckOnThrowaway, WhatTheUnitDoesNotStartWithoutIsCarried) {
  const auto name = random_name();
  const auto result = check("User=nobody\nStateDirectory=" + name +
                                "\nProtectSystem=strict\nReadWritePaths=/var/lib/" + name + "\n",
                            true);
  const auto* write = find(result, {"fs-write", {"/var/lib/" + name}});
  ASSERT_NE(write, nullptr);
  EXPECT_THAT(write->carried_by, Optional(Contains("StateDirectory")));
}

TEST_F(CheckOnThrowaway, WhatStopsNothingIsIdleBesideWhatSharesAndWhatBears) {
  const auto result = check(
      "ProtectSystem=strict\nProtectHome=yes\nInaccessiblePaths=/home\nReadOnlyPaths=/etc\n"
      "LimitNOFILE=524288\n",
      true);
  const auto* reach = find(result, {"fs-reach", {"/home"}});
  ASSERT_NE(reach, nullptr);
  EXPECT_THAT(reach->carried_by, Optional(ElementsAre("InaccessiblePaths", "ProtectHome")));
  EXPECT_TRUE(reach->is_shared);
  const auto* etc = find(result, {"fs-write", {"/etc"}});
  ASSERT_NE(etc, nullptr);
  EXPECT_THAT(etc->carried_by, Optional(ElementsAre("ProtectSystem", "ReadOnlyPaths")));
  EXPECT_TRUE(etc->is_shared);
  const auto* usr = find(result, {"fs-write", {"/usr"}});
  ASSERT_NE(usr, nullptr);
  EXPECT_THAT(usr->carried_by, Optional(ElementsAre("ProtectSystem")));
}

// ProtectSystem= by itself would stop it, but not beside ReadWritePaths=.
TEST_F(CheckOnThrowaway, WhatAnotherDirectiveLetsPassIsCarriedByTheOneThatStopsItAgain) {
  const auto result = check(
      "ProtectSystem=strict\nReadWritePaths=/usr/local\nReadOnlyPaths=/usr/local/lib\n"
      "ProtectClock=yes\nLimitNOFILE=524288\n",
      true);
  const auto* change = find(result, {"fs-change", {"/usr/local/lib"}});
  ASSERT_NE(change, nullptr);
  EXPECT_THAT(change->carried_by, Optional(ElementsAre("ReadOnlyPaths")));
  EXPECT_FALSE(change->is_shared);
}

// RestrictSUIDSGID= takes openat2(2) away; ReadWritePaths= gives back what ProtectSystem= takes.
TEST_F(CheckOnThrowaway, WhatAnotherDirectiveUndoesIsNotAmongThoseThatShare) {
  const auto result = check(
      "ProtectSystem=strict\nReadWritePaths=/usr/local\nReadOnlyPaths=/usr/local/lib\n"
      "RestrictSUIDSGID=yes\n",
      true);
  const auto* door = find_door(result, "fs-by-openat2", "/usr/local/lib");
  ASSERT_NE(door, nullptr);
  EXPECT_THAT(door->carried_by, Optional(ElementsAre("ReadOnlyPaths", "RestrictSUIDSGID")));
  EXPECT_TRUE(door->is_shared);
}

// With NoNewPrivileges= they are all away in one cell, and without it one by one.
TEST_F(CheckOnThrowaway, FiltersThatAreAwayTogetherCarryWhatEachDoesByItself) {
  const std::string unit =
      "ProtectSystem=strict\nProtectHome=yes\nPrivateTmp=yes\nPrivateDevices=yes\n"
      "ProtectKernelModules=yes\nRestrictNamespaces=yes\nRestrictSUIDSGID=yes\n"
      "LockPersonality=yes\nRestrictRealtime=yes\nMemoryDenyWriteExecute=yes\n"
      "RestrictAddressFamilies=AF_UNIX\nSystemCallArchitectures=native\n"
      "SystemCallFilter=~@clock @mount @swap\nCapabilityBoundingSet=~CAP_SYS_TIME CAP_SYS_ADMIN\n";
  const auto together = check(unit + "NoNewPrivileges=yes\n", true);
  const auto one_by_one = check(unit, true);
  std::size_t compared = 0;
  for (const auto& attempt : one_by_one.attempts) {
    const auto* other = find(together, attempt.attempt);
    // One that was made for this run alone is not in the other.
    if (other == nullptr || !attempt.carried_by || attempt.carried_by->empty()) continue;
    EXPECT_EQ(other->carried_by, attempt.carried_by) << to_string(attempt.attempt);
    EXPECT_EQ(other->is_shared, attempt.is_shared) << to_string(attempt.attempt);
    ++compared;
  }
  EXPECT_GE(compared, 60);
}

TEST_F(CheckOnThrowaway, WhatKeepsTheProbeFromANamespaceCarriesNoDoor) {
  const auto result = check(
      "ProtectHome=yes\nRestrictNamespaces=yes\nCapabilityBoundingSet=~CAP_SYS_ADMIN\n"
      "SystemCallFilter=~@mount\n",
      true);
  const auto* door = find_umount_door(result);
  ASSERT_NE(door, nullptr);
  EXPECT_THAT(door->carried_by, Optional(ElementsAre("CapabilityBoundingSet", "SystemCallFilter")));
  EXPECT_TRUE(door->is_shared);
}

// PrivateUsers= alone makes nothing read-only, but nobody in it can undo what ProtectSystem= does.
TEST_F(CheckOnThrowaway, WhatShutsADoorOnlyAroundWhatItLeadsAroundShares) {
  const auto result = check(
      "ProtectSystem=strict\nPrivateUsers=yes\nCapabilityBoundingSet=~CAP_SYS_ADMIN\n"
      "SystemCallFilter=~@mount\n",
      true);
  const auto* door = find_door(result, "fs-by-remount", "/etc");
  ASSERT_NE(door, nullptr);
  EXPECT_THAT(door->carried_by,
              Optional(ElementsAre("CapabilityBoundingSet", "PrivateUsers", "SystemCallFilter")));
  EXPECT_TRUE(door->is_shared);
}

// Each of the two takes one of the capabilities that the first takes together.
TEST_F(CheckOnThrowaway, WhatTwoStopTogetherTheyShareWithTheOneThatStopsItAlone) {
  const auto result = check(
      "CapabilityBoundingSet=~CAP_SYSLOG CAP_SYS_MODULE\nProtectKernelLogs=yes\n"
      "ProtectKernelModules=yes\n",
      true);
  const auto* both =
      find(result, {"hold-capability", {"bounding", "CAP_SYS_MODULE", "CAP_SYSLOG"}});
  ASSERT_NE(both, nullptr);
  EXPECT_THAT(both->carried_by, Optional(ElementsAre("CapabilityBoundingSet", "ProtectKernelLogs",
                                                     "ProtectKernelModules")));
  EXPECT_TRUE(both->is_shared);
}

TEST_F(CheckOnThrowaway, ABoundingSetSharesWhatAProgramsFileWouldGive) {
  const auto result = check("User=nobody\nCapabilityBoundingSet=\nNoNewPrivileges=yes\n", true);
  const auto* gain = find_door(result, "gain-privileges", "CAP_");
  ASSERT_NE(gain, nullptr);
  EXPECT_THAT(gain->carried_by, Optional(ElementsAre("CapabilityBoundingSet", "NoNewPrivileges")));
  EXPECT_TRUE(gain->is_shared);
}

// A filter that kills setuid(2) keeps root from it, too, but nobody who is not root needs it.
TEST_F(CheckOnThrowaway, AFilterDoesNotCarryThatAUserIsNotRoot) {
  const auto result = check("User=nobody\nSystemCallFilter=~@setuid\n", true);
  const auto* become = find(result, {"become-user", {"0"}});
  ASSERT_NE(become, nullptr);
  EXPECT_TRUE(become->square.sandboxed_root.is_stopped());
  EXPECT_EQ(become->judgement.proof, Proof::root);
  EXPECT_THAT(become->carried_by, Optional(IsEmpty()));
}

TEST_F(CheckOnThrowaway, TheUserOfAUnitIsSeenToCarryWhatItKeepsFrom) {
  const auto result = check("User=nobody\n", true);
  const auto* root = find(result, {"be-root", {}});
  ASSERT_NE(root, nullptr);
  EXPECT_THAT(root->carried_by, Optional(ElementsAre("User")));
}

}  // namespace
}  // namespace sandproof
