#include "report/golden.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <utility>
#include <vector>

#include "judge/judge.h"

namespace sandproof::report {
namespace {

constexpr auto fragment = "units/relay.service";
constexpr auto drop_in = "units/relay.service.d/hardening.conf";

const Outcome allowed = Outcome::allowed();
Outcome denied(int error) { return Outcome::denied(error); }

constexpr auto relay_service = R"([Unit]
Description=Passes on what it is given
After=network-online.target
Wants=network-online.target

[Service]
Type=exec
User=relay
Slice=relay.slice
# The socket's folder is made before
# the relay has lost the right to.
ExecStartPre=+/usr/bin/install -d -o relay /srv/relay
ExecStart=/usr/bin/relay --listen /srv/relay/socket
ExecReload=!/usr/bin/relay --reload
Restart=on-failure
RestartSec=5s
StateDirectory=relay

# What it may not touch.
ProtectSystem=strict
ReadWritePaths=/var/lib/relay /srv/relay
ProtectHome=yes
PrivateNetwork=no
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictFileSystems=~proc
ProtectClock=yes
ProtectKernelModules=yes

[Install]
WantedBy=multi-user.target
)";

constexpr auto relay_hardening = R"(# After the audit.
[Service]
MemoryDenyWriteExecute=yes
PrivatePIDs=yes
IPAddressDeny=any
)";

constexpr auto clock_reader_service = R"([Unit]
Description=Reads the clock

[Service]
ExecStart=/usr/bin/clock-reader

ProtectClock=yes
CapabilityBoundingSet=
)";

DirectiveResult directive(std::string name, std::string value, int line,
                          const std::string& file = fragment) {
  DirectiveResult result;
  result.directive = {std::move(name), std::move(value), {}, file, line, {}, {}};
  return result;
}

DirectiveResult implied(std::string name, std::string value, std::string by) {
  DirectiveResult result;
  result.directive = {std::move(name), std::move(value), {}, {}, 0, std::move(by), {}};
  return result;
}

DirectiveResult with_status(DirectiveResult result, Status status, std::string reason = {}) {
  result.status = status;
  result.reason = std::move(reason);
  return result;
}

AttemptResult tried(const Expectation& expectation, const Square& square,
                    const std::string& reproduce_options) {
  AttemptResult result;
  result.attempt = expectation.attempt;
  result.directives = {expectation.directive};
  result.side_door = expectation.side_door;
  result.must = expectation.must;
  result.square = square;
  result.judgement = judge(expectation, square);
  result.reproduce =
      "systemd-run --wait --pipe " + reproduce_options + " " + to_string(expectation.attempt);
  return result;
}

Expectation front(std::string directive_name, Attempt attempt, std::vector<Outcome> promised) {
  return {std::move(attempt),
          std::move(directive_name),
          Must::denied,
          {},
          {},
          std::move(promised),
          true};
}

Expectation door(std::string directive_name, std::string name, Attempt attempt) {
  return {
      std::move(attempt), std::move(directive_name), Must::denied, std::move(name), {}, {}, true};
}

Expectation permission(std::string directive_name, Attempt attempt) {
  return {std::move(attempt), std::move(directive_name), Must::allowed, {}, {}, {}, true};
}

}  // namespace

CheckResult every_status() {
  CheckResult result;
  result.manager = {"throwaway", 252, "6.18.44", "container-other"};
  result.unit = "relay.service";
  result.files = {fragment, drop_in};
  result.user = "relay";
  result.prepared = {"user relay", "/var/lib/relay"};
  result.staged = {"BindReadOnlyPaths=/run/sandproof", "ExecPaths=/run/sandproof"};
  result.notes = {
      "a drop-in for every service applies to the bare cells too: "
      "/etc/systemd/system/service.d/limits.conf"};

  auto ignored = directive("PrivatePIDs", "yes", 4, drop_in);
  ignored.directive.ignored_because = "unknown to systemd 252";
  result.directives = {
      with_status(directive("Slice", "relay.slice", 9), Status::no_probe),
      directive("ProtectSystem", "strict", 20),
      directive("ReadWritePaths", "/var/lib/relay /srv/relay", 21),
      directive("ProtectHome", "yes", 22),
      with_status(directive("PrivateNetwork", "no", 23), Status::off),
      directive("RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX", 24),
      directive("RestrictFileSystems", "~proc", 25),
      directive("ProtectClock", "yes", 26),
      directive("ProtectKernelModules", "yes", 27),
      directive("MemoryDenyWriteExecute", "yes", 3, drop_in),
      ignored,
      with_status(directive("IPAddressDeny", "any", 5, drop_in), Status::untestable,
                  "this manager has no control group to attach the filter to"),
      implied("NoNewPrivileges", "yes", "RestrictAddressFamilies"),
  };
  result.exempt = {{"ExecStartPre", "+", fragment, 12}, {"ExecReload", "!", fragment, 14}};
  result.not_of_the_sandbox = {"Type", "Restart", "RestartSec", "ExecStart"};

  result.sources = {{fragment, relay_service}, {drop_in, relay_hardening}};

  const auto system = "-p ProtectSystem=strict";
  const auto families = "-p User=relay -p 'RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX'";
  auto i386_door = tried(door("RestrictAddressFamilies", "i386 system call 359",
                              {"socket-family-i386", {"AF_NETLINK"}}),
                         {allowed, allowed, allowed, allowed}, families);
  i386_door.shut_by = {"SystemCallArchitectures=native", "SystemCallFilter=@system-service"};
  auto io_uring_door = tried(door("RestrictAddressFamilies", "io_uring, IORING_OP_SOCKET",
                                  {"socket-family-uring", {"AF_NETLINK"}}),
                             {allowed, allowed, allowed, allowed}, families);
  io_uring_door.shut_by = {"SystemCallFilter=~@aio"};
  result.attempts = {
      tried(front("ProtectSystem", {"fs-write", {"/etc"}}, {denied(EROFS)}),
            {denied(EACCES), allowed, denied(EACCES), denied(EROFS)}, system),
      tried(front("ProtectSystem", {"fs-write", {"/var/tmp"}}, {denied(EROFS)}),
            {allowed, allowed, denied(EROFS), denied(EROFS)}, system),
      tried(door("ProtectSystem", "a bind remount", {"remount-write", {"/"}}),
            {denied(EPERM), allowed, denied(EPERM), allowed}, system),
      tried(permission("ReadWritePaths", {"fs-write", {"/var/lib/relay"}}),
            {allowed, allowed, allowed, allowed}, "-p ReadWritePaths=/var/lib/relay"),
      tried(permission("ReadWritePaths", {"fs-write", {"/srv/relay"}}),
            {allowed, allowed, denied(EROFS), denied(EROFS)}, "-p ReadWritePaths=/srv/relay"),
      tried(front("ProtectHome", {"fs-list", {"/home"}}, {denied(EACCES)}),
            {allowed, allowed, denied(EACCES), denied(EACCES)}, "-p ProtectHome=yes"),
      tried(front("RestrictAddressFamilies", {"socket-family", {"AF_NETLINK"}},
                  {denied(EAFNOSUPPORT)}),
            {allowed, allowed, denied(EAFNOSUPPORT), denied(EAFNOSUPPORT)}, families),
      i386_door,
      io_uring_door,
      tried(front("RestrictFileSystems", {"fs-read", {"/proc/self/comm"}}, {denied(EPERM)}),
            {allowed, allowed, allowed, allowed}, "-p RestrictFileSystems=~proc"),
      tried(front("RestrictFileSystems", {"fs-read", {"/proc/version"}}, {denied(EPERM)}),
            {allowed, allowed, allowed, allowed}, "-p RestrictFileSystems=~proc"),
      tried(front("ProtectClock", {"set-time", {}}, {denied(EPERM)}),
            {denied(EPERM), allowed, Outcome::killed(SIGSYS), Outcome::killed(SIGSYS)},
            "-p ProtectClock=yes"),
      tried(front("ProtectKernelModules", {"load-module", {}}, {denied(EPERM)}),
            {denied(EPERM), denied(EPERM), denied(EPERM), denied(EPERM)},
            "-p ProtectKernelModules=yes"),
      tried(front("MemoryDenyWriteExecute", {"map-write-execute", {}}, {denied(EPERM)}),
            {allowed, allowed, Outcome::unable("timed out"), denied(EPERM)},
            "-p MemoryDenyWriteExecute=yes"),
      tried(front("NoNewPrivileges", {"gain-privileges", {}}, {denied(EPERM)}),
            {allowed, allowed, denied(EPERM), denied(EPERM)}, "-p NoNewPrivileges=yes"),
  };
  conclude(result);
  return result;
}

CheckResult all_held() {
  CheckResult result;
  result.manager = {"host", 257, "6.12.57", "none"};
  result.unit = "clock-reader.service";
  result.files = {"/etc/systemd/system/clock-reader.service"};
  result.sources = {{result.files[0], clock_reader_service}};
  result.directives = {directive("ProtectClock", "yes", 7, result.files[0]),
                       directive("CapabilityBoundingSet", "", 8, result.files[0])};
  result.directives[0].load = Load::bearing;
  result.directives[1].load = Load::shared;
  result.attempts = {
      tried(front("ProtectClock", {"set-time", {}}, {denied(EPERM)}),
            {allowed, allowed, denied(EPERM), denied(EPERM)}, "-p ProtectClock=yes"),
      tried(front("CapabilityBoundingSet", {"hold-capability", {"bounding", "CAP_SYS_TIME"}},
                  {denied(EPERM)}),
            {allowed, allowed, denied(EPERM), denied(EPERM)}, "-p CapabilityBoundingSet="),
  };
  result.attempts[0].carried_by = {"ProtectClock"};
  result.attempts[1].carried_by = {"CapabilityBoundingSet", "ProtectClock"};
  result.attempts[1].is_shared = true;
  conclude(result);
  return result;
}

CheckResult against_a_baseline() {
  CheckResult result = every_status();
  result.directives = {result.directives[1], result.directives[6], result.directives[10],
                       result.directives[3]};
  auto& worse = result.directives[0];
  worse.status = Status::unproven;
  worse.reason = "could not be tried in the sandbox: timed out";
  worse.standing = {Standing::Kind::finding, "was held in the baseline"};
  result.directives[1].standing = {Standing::Kind::excused,
                                   "waived until 2027-01-31: the kernel lacks bpf-lsm"};
  result.directives[2].standing = {Standing::Kind::excused, "was ignored in the baseline"};
  result.further = {
      {"an expired waiver",
       "for ProtectHome of relay.service, until 2025-12-31",
       "sandproof.waivers",
       9,
       {}},
      {"ProtectClock is gone", "was held in the baseline", fragment, 0, "ProtectClock"}};
  result.exempt.clear();
  result.not_of_the_sandbox.clear();
  return result;
}

CheckResult hostile() {
  const std::string text =
      "</script><script>alert(1)</script>]]>\"'&<!-- `|\\ # %0A\n::error::x\r\x1b[31m\x07\xff"
      "\u202e\u2028";
  CheckResult result;
  result.manager = {"throwaway", 252, text, text};
  result.unit = text + ".service";
  result.files = {"dir/" + text + ".service"};
  result.user = text;
  result.prepared = {text};
  result.staged = {text};
  result.notes = {text};
  auto leaked = directive("Protect" + text, text, 1, result.files[0]);
  leaked.standing.because = text;
  auto excused = with_status(directive("Waived", text, 2, result.files[0]), Status::ignored, text);
  excused.standing = {Standing::Kind::excused, text};
  result.directives = {leaked, excused,
                       with_status(implied("Implied", text, text), Status::unproven, text),
                       with_status(directive("Off", text, 3, text), Status::off)};
  result.exempt = {{text, text, text, 3}};
  result.not_of_the_sandbox = {text};
  result.further = {{text, text, text, 4, text}};
  result.sources = {{result.files[0], text + "\n" + text + "\n\tx\n"}};
  auto attempt = tried(front("Protect" + text, {text, {text, ""}}, {denied(EPERM)}),
                       {allowed, allowed, allowed, Outcome::unable(text)}, text);
  attempt.side_door = text;
  attempt.shut_by = {text};
  attempt.carried_by = {text};
  attempt.judgement = {Verdict::bypassed, Proof::none, text};
  result.attempts = {attempt};
  conclude(result);
  return result;
}

void expect_golden(const std::string& name, const std::string& report) {
  const std::string path = SANDPROOF_SOURCE_DIR "/harness/report/testdata/" + name;
  if (std::getenv("SANDPROOF_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path) << report;
    return;
  }
  std::ifstream file(path);
  ASSERT_TRUE(file) << path;
  std::ostringstream golden;
  golden << file.rdbuf();
  EXPECT_EQ(report, golden.str()) << path;
}

}  // namespace sandproof::report
