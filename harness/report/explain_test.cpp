// An explanation as a reader sees it, against the files in testdata/: see golden.h.

#include "report/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/golden.h"

namespace sandproof::report {
namespace {

using testing::HasSubstr;
using testing::Not;

// numa's first step: two directives, one behind the other.
Explanation two_culprits() {
  Explanation result;
  result.manager = {"throwaway", 252, "6.18.44", "container-other"};
  result.unit = "numa.service";
  result.files = {"units/numa-1-user.service"};
  result.result = "exit-code";
  result.status = 203;
  result.step = "EXEC";
  result.command = "ExecStart";
  result.message = "Failed at step EXEC spawning /home/runner/numa: No such file or directory";
  result.culprits = {{"ProtectHome", "User"}};
  result.places = {
      {"User", "numa", "units/numa-1-user.service", 5, {}},
      {"ProtectHome", "true", "units/numa-1-user.service", 15, {"units/numa-1-user.service:12"}}};
  result.innocent = {"ProtectSystem", "PrivateTmp", "NoNewPrivileges"};
  result.because = {
      "ProtectHome=true hides /home/runner/numa (/home is made inaccessible)",
      "/home/runner is 0700 runner:runner, and numa cannot traverse it to /home/runner/numa"};
  result.suggestion = "only /home/runner of the home folders, read-only";
  result.drop_in = "[Service]\nProtectHome=tmpfs\nBindReadOnlyPaths=/home/runner\n";
  result.gives_up = "the service can read /home/runner";
  result.trials = 40;
  result.seconds = 3.25;
  result.isolation_trials = 28;
  result.isolation_seconds = 2.5;
  return result;
}

Explanation a_call_that_kills() {
  Explanation result;
  result.manager = {"throwaway", 257, "6.18.44", "container-other"};
  result.unit = "relay.service";
  result.files = {"units/relay.service"};
  result.result = "core-dump";
  result.signal = "SIGSYS";
  result.syscall = "mount";
  result.syscall_groups = {"@known", "@mount"};
  result.command = "ExecStart";
  result.message = "Main process exited, code=killed, status=31/SYS";
  result.words = {"relay: starting"};
  result.culprits = {{"SystemCallFilter"}};
  result.places = {{"SystemCallFilter", "@system-service", "units/relay.service", 7, {}}};
  result.narrowed = {{"SystemCallFilter", {"mount"}, true, "units/relay.service", 7}};
  result.innocent = {"ProtectHome"};
  result.because = {
      "SystemCallFilter=@system-service does not allow mount, so the kernel kills the program"};
  result.evidence = {{"mount() = killed by SIGSYS", "SystemCallFilter"}};
  result.suggestion = "SystemCallFilter=mount";
  result.drop_in = "[Service]\nSystemCallFilter=mount\n";
  result.gives_up = "the call mount can be made";
  result.notes = {"without UMask= the unit comes up, and does not stay up"};
  result.trials = 11;
  result.seconds = 1.5;
  return result;
}

Explanation not_the_sandbox() {
  Explanation result;
  result.manager = {"throwaway", 252, "6.18.44", "container-other"};
  result.unit = "relay.service";
  result.result = "exit-code";
  result.status = 217;
  result.step = "USER";
  result.because = {"User=relay: there is no such user"};
  result.suggestion = "make the user relay";
  result.commands = {"useradd --system relay"};
  return result;
}

TEST(Explain, TwoCulpritsAsText) {
  expect_golden("explain-two-culprits.txt", text_report(two_culprits(), {}));
}

TEST(Explain, TwoCulpritsAsJson) {
  expect_golden("explain-two-culprits.json", json_report(two_culprits()));
}

TEST(Explain, ACallThatKillsInNarrowColour) {
  expect_golden("explain-call-colour.txt", text_report(a_call_that_kills(), {true, false, 60}));
}

TEST(Explain, ACallThatKillsAsJson) {
  expect_golden("explain-call.json", json_report(a_call_that_kills()));
}

TEST(Explain, NotTheSandboxAsText) {
  expect_golden("explain-not-the-sandbox.txt", text_report(not_the_sandbox(), {}));
}

TEST(Explain, WhatAProgramWroteDoesNotSteerTheTerminal) {
  auto explanation = a_call_that_kills();
  explanation.words = {"\x1b[2Jgone"};
  EXPECT_THAT(text_report(explanation, {}), Not(HasSubstr("\x1b")));
  explanation.words = {"\xff"};
  EXPECT_THAT(json_report(explanation), HasSubstr("\xef\xbf\xbd"));
}

}  // namespace
}  // namespace sandproof::report
