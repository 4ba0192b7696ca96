#include "unit/evaluate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sandproof::unit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

const KnownNames& known() {
  static const auto names = KnownNames::parse(
      "[Unit]\nAfter=UNIT\n[Service]\nExecStart=PATH\nExecStartPre=PATH\nProtectHome=BOOL\n"
      "PrivateNetwork=BOOLEAN\nReadWritePaths=PATH\nCapabilityBoundingSet=CAPS\nRestart=R\n"
      "DynamicUser=BOOLEAN\nPrivateDevices=BOOLEAN\nRestrictFileSystems=F\nCoredumpFilter=C\n["
      "Install]\nWantedBy="
      "UNIT\n");
  return names;
}

constexpr std::uint64_t all_capabilities = (std::uint64_t{1} << 41) - 1;

Value file_systems(const std::vector<std::string>& names) {
  return {"(bas)", std::vector{Value::boolean(false), Value::texts(names)}};
}

Properties pristine() {
  return {{"ProtectHome", Value::text("no")},
          {"PrivateNetwork", Value::boolean(false)},
          {"PrivateDevices", Value::boolean(false)},
          {"DynamicUser", Value::boolean(false)},
          {"DevicePolicy", Value::text("auto")},
          {"ReadWritePaths", Value::texts({})},
          {"RestrictFileSystems", file_systems({})},
          {"CoredumpFilter", Value::unsigned_64(0x33)},
          {"CapabilityBoundingSet", Value::unsigned_64(all_capabilities)}};
}

// As a unit that has these properties; nothing was logged.
Evaluation evaluated(const std::string& text, const Properties& changed = {}, int systemd = 252) {
  std::vector<Line> lines;
  for (auto& assignment : read_assignments("[Service]\n" + text)) {
    lines.push_back({"x.service", std::move(assignment), {}});
  }
  Properties all = pristine();
  for (const auto& [name, value] : changed) all.insert_or_assign(name, value);
  return evaluate(lines, known(), Settings(all, pristine()), systemd);
}

std::vector<std::string> written(const std::vector<Directive>& directives) {
  std::vector<std::string> result;
  result.reserve(directives.size());
  for (const auto& directive : directives) {
    result.push_back(directive.name + "=" + directive.value +
                     (directive.implied_by ? " implied by " + *directive.implied_by
                                           : " at " + std::to_string(directive.line)) +
                     (directive.is_ignored() ? ": " + directive.ignored_because : ""));
  }
  return result;
}

TEST(Evaluate, WhatSystemdLogsOnlyForDebuggingShowsInTheSettings) {
  EXPECT_THAT(written(evaluated("PrivateNetwork=yes\n").directives),
              ElementsAre("PrivateNetwork=yes at 2: systemd has no instead"));
}

TEST(Evaluate, ADirectiveSetToItsDefaultIsInForce) {
  EXPECT_THAT(written(evaluated("ProtectHome=no\n").directives),
              ElementsAre("ProtectHome=no at 2"));
}

TEST(Evaluate, ASecondLineOfTheSameValueOverridesNothing) {
  EXPECT_THAT(written(evaluated("PrivateNetwork=yes\nPrivateNetwork=true\n",
                                {{"PrivateNetwork", Value::boolean(true)}})
                          .directives),
              ElementsAre("PrivateNetwork=true at 3"));
}

TEST(Evaluate, AStricterLaterLineIsANote) {
  const auto result =
      evaluated("ProtectHome=read-only\nProtectHome=yes\n", {{"ProtectHome", Value::text("yes")}});
  EXPECT_THAT(written(result.directives), ElementsAre("ProtectHome=yes at 3"));
  EXPECT_THAT(result.notes, ElementsAre("x.service:2: ProtectHome=read-only is overridden by "
                                        "x.service:3 (ProtectHome=yes)"));
}

TEST(Evaluate, AWeakerLaterLineTakesTheEarlierOutOfForce) {
  EXPECT_THAT(written(evaluated("ProtectHome=yes\nProtectHome=no\n").directives),
              ElementsAre("ProtectHome=yes at 2: overridden by x.service:3 (ProtectHome=no)",
                          "ProtectHome=no at 3"));
}

TEST(Evaluate, LinesOfAListAddUpAndAnEmptyOneStartsAnew) {
  const auto result = evaluated(
      "ReadWritePaths=/a\nReadWritePaths=\nReadWritePaths=/b\n"
      "ReadWritePaths=/c /d\n");
  EXPECT_THAT(written(result.directives), ElementsAre("ReadWritePaths=/b /c /d at 4"));
  // Less may be written to than before.
  EXPECT_THAT(result.notes, ElementsAre("x.service:2: ReadWritePaths=/a is reset by x.service:3 "
                                        "(ReadWritePaths=)"));
}

TEST(Evaluate, ACoredumpFilterThatSystemdForgotIsIgnored) {
  const std::string text = "CoredumpFilter=private-anonymous\nCoredumpFilter=0x10\n";
  EXPECT_THAT(written(evaluated(text).directives),
              ElementsAre(StartsWith("CoredumpFilter=private-anonymous at 2: systemd has read it"),
                          StartsWith("CoredumpFilter=0x10 at 3: systemd has read it")));
  EXPECT_THAT(written(evaluated(text, {{"CoredumpFilter", Value::unsigned_64(0x11)}}).directives),
              ElementsAre("CoredumpFilter=private-anonymous 0x10 at 2"));
  EXPECT_THAT(written(evaluated("CoredumpFilter=default\n").directives),
              ElementsAre("CoredumpFilter=default at 2"));
}

TEST(Evaluate, FileSystemsThatSystemdDidNotTakeAreIgnored) {
  const std::string text = "RestrictFileSystems=~proc sysfs\n";
  EXPECT_THAT(
      written(evaluated(text).directives),
      ElementsAre("RestrictFileSystems=~proc sysfs at 2: systemd has taken no file system from it, "
                  "as it does when it is built without BPF"));
  EXPECT_THAT(
      written(
          evaluated(text, {{"RestrictFileSystems", file_systems({"proc", "sysfs"})}}).directives),
      ElementsAre("RestrictFileSystems=~proc sysfs at 2"));
}

TEST(Evaluate, AnEmptyBoundingSetIsADirective) {
  const auto result =
      evaluated("CapabilityBoundingSet=\n", {{"CapabilityBoundingSet", Value::unsigned_64(0)}});
  EXPECT_THAT(written(result.directives), ElementsAre("CapabilityBoundingSet= at 2"));
}

TEST(Evaluate, AListOfUnknownCapabilitiesIsTheEmptySet) {
  const auto result = evaluated("CapabilityBoundingSet=CAP_TYPO\n",
                                {{"CapabilityBoundingSet", Value::unsigned_64(0)}});
  EXPECT_THAT(written(result.directives),
              ElementsAre("CapabilityBoundingSet=CAP_TYPO at 2: no capability, and systemd does "
                          "not say so",
                          "CapabilityBoundingSet= at 2"));
}

TEST(Evaluate, TheFilesLineStaysWhereAnotherDirectiveChangesIt) {
  const auto result = evaluated("PrivateDevices=yes\nCapabilityBoundingSet=CAP_MKNOD CAP_KILL\n",
                                {{"PrivateDevices", Value::boolean(true)},
                                 {"DevicePolicy", Value::text("closed")},
                                 {"CapabilityBoundingSet", Value::unsigned_64(1U << 5)}});
  EXPECT_THAT(
      written(result.directives),
      ElementsAre("PrivateDevices=yes at 2", "CapabilityBoundingSet=CAP_MKNOD CAP_KILL at 3",
                  "DevicePolicy=closed implied by PrivateDevices"));
}

TEST(Evaluate, NamesOfOthersAreNobodys) {
  const auto result = evaluated("X-Mine=1\n[X-Ours]\nProtectHome=yes\n");
  EXPECT_THAT(result.directives, IsEmpty());
  EXPECT_THAT(result.notes, IsEmpty());
}

TEST(Evaluate, DoubleExclamationMarksExemptOnlyBefore258) {
  const std::string text = "ExecStartPre=!!/bin/a\nExecStart=-@+/bin/b b ; !/bin/c\n";
  const auto commands = [&](int systemd) {
    std::vector<std::string> result;
    for (const auto& command : evaluated(text, {}, systemd).exempt) {
      result.push_back(command.command + command.prefix + std::to_string(command.line));
    }
    return result;
  };
  EXPECT_THAT(commands(257), ElementsAre("ExecStart+3", "ExecStart!3", "ExecStartPre!!2"));
  EXPECT_THAT(commands(258), ElementsAre("ExecStart+3", "ExecStart!3"));
}

TEST(Evaluate, AResetCommandIsNotExempt) {
  EXPECT_THAT(evaluated("ExecStartPre=+/bin/a\nExecStartPre=\n").exempt, IsEmpty());
}

}  // namespace
}  // namespace sandproof::unit
