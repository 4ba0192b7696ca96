// The unit's own commands on the host's manager: a throwaway, with the program itself run inside of
// it.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "explain/host_trial.h"
#include "testing/throwaway.h"

namespace sandproof::explain {
namespace {

using Json = nlohmann::json;
using testing::HasSubstr;

class OnHost : public testing_support::OnThrowaway {
 protected:
  static int shell(const std::string& script) {
    const auto status = manager().run_inside({"/bin/sh", "-c", script});
    EXPECT_TRUE(status) << status.error().message;
    return status ? *status : -1;
  }

  static void write(const std::string& path, const std::string& text) {
    const auto written = manager().files().write_new(path, text, 0644);
    ASSERT_TRUE(written) << written.error().message;
  }

  // Answers the exit status, and the result where there is one.
  static int explain_on_host(const std::string& unit, Json& result) {
    const std::string output = std::string(home) + "/result.json";
    const int status = shell("rm -f " + output + "; exec " + home +
                             "/sandproof explain --manager host --yes --wait 1 --format json "
                             "--output " +
                             output + " " + unit);
    const auto text = manager().files().read(output);
    if (text) result = Json::parse(*text);
    return status;
  }

  // No unit of ours, and no file of one.
  static bool is_clean() {
    return shell(
               "! systemctl list-units --all --no-legend 'sandproof-*' | grep -q . && "
               "! ls /run/systemd/system /etc/systemd/system | grep -q ^sandproof-") == 0;
  }
};

TEST_F(OnHost, FindsTheCulpritAndLeavesNothing) {
  install();
  ASSERT_EQ(shell("mkdir -p /home/runner && cp /bin/sleep /home/runner/app"), 0);
  const std::string unit = std::string(home) + "/culprit.service";
  write(unit,
        "[Service]\nExecStart=/home/runner/app 100\nProtectHome=yes\nPrivateTmp=yes\n"
        "ProtectSystem=strict\nUser=nobody\n");
  Json result;
  EXPECT_EQ(explain_on_host(unit, result), 1);
  EXPECT_EQ(result.at("manager").at("kind"), "host");
  EXPECT_EQ(result.at("status"), 203);
  EXPECT_EQ(result.at("culprits"), Json::parse(R"([["ProtectHome"]])"));
  EXPECT_EQ(result.at("untried"), Json::parse(R"(["User"])"));
  EXPECT_THAT(result.at("drop_in"), HasSubstr("BindReadOnlyPaths=/home/runner"));
  EXPECT_TRUE(is_clean());
}

TEST_F(OnHost, WhatTheUnitHasOnTheMachineStaysAsItIs) {
  install();
  // A copied RuntimeDirectory= removes the folder, a copied PIDFile= the file, when a clone stops.
  ASSERT_EQ(shell("mkdir -p /run/own && touch /run/own/file && echo 1 >/run/own.pid"), 0);
  const std::string unit = std::string(home) + "/own.service";
  write(unit,
        "[Service]\nExecStart=/bin/sh -c \"test \\\"$RUNTIME_DIRECTORY\\\" = /run/own && "
        "touch /run/own/new && exec sleep 100\"\nRuntimeDirectory=own\nPIDFile=/run/own.pid\n"
        "ProtectSystem=strict\nExecStopPost=/bin/touch /run/stopped\nKillMode=none\n");
  Json result;
  EXPECT_EQ(explain_on_host(unit, result), 0) << result;
  EXPECT_EQ(shell("test -e /run/own/file -a -e /run/own/new -a -e /run/own.pid"), 0);
  EXPECT_EQ(shell("test -e /run/stopped"), 1);
  EXPECT_TRUE(is_clean());
}

// The journal reads both when the programs have ended, and cannot tell whose words they were.
TEST_F(OnHost, OfWordsThatNobodyIsKnownToHaveSaidThoseOfTheUnitsProgramAreTold) {
  install();
  const std::string unit = std::string(home) + "/dying.service";
  write(unit, "[Service]\nType=notify\nExecStart=/usr/bin/logger -t logger my last words\n");
  ASSERT_EQ(shell("systemctl kill --signal=STOP systemd-journald; "
                  "(sleep 0.5; logger -t another of another; sleep 1; "
                  "systemctl kill --signal=CONT systemd-journald) >/dev/null 2>&1 &"),
            0);
  Json result;
  EXPECT_EQ(explain_on_host(unit, result), 1);
  EXPECT_EQ(result.at("words"), Json::parse(R"(["my last words"])"));
}

TEST_F(OnHost, AUnitThatIsRunningIsLeftAlone) {
  install();
  write("/etc/systemd/system/running.service", "[Service]\nExecStart=/bin/sleep 100\n");
  ASSERT_EQ(shell("systemctl start running.service"), 0);
  Json result;
  EXPECT_EQ(explain_on_host("running.service", result), 2);
  EXPECT_EQ(shell("systemctl is-active --quiet running.service"), 0);
  EXPECT_EQ(shell("systemctl stop running.service"), 0);
  EXPECT_EQ(explain_on_host("running.service", result), 0);
}

TEST_F(OnHost, WhatItStartedEndsWithIt) {
  install();
  const std::string unit = std::string(home) + "/lasting.service";
  write(unit, "[Service]\nExecStart=/bin/sleep 100\n");
  // The clone is up, the program is killed, and systemd says when the clone is gone.
  EXPECT_EQ(shell(std::string(home) + "/sandproof explain --manager host --yes --wait 60 " + unit +
                  " & pid=$!\n"
                  "until name=$(systemctl list-units --plain --no-legend 'sandproof-*.service' | "
                  "grep running | cut -d' ' -f1) && [ -n \"$name\" ]; do :; done\n"
                  "kill -9 $pid; exec timeout 20 sh -c \"while systemctl is-active --quiet $name; "
                  "do :; done\""),
            0);
  EXPECT_EQ(shell("timeout 20 sh -c \"while ls /run/systemd/system | grep -q ^sandproof-; do :; "
                  "done\""),
            0);
}

TEST_F(OnHost, ACloneHasNothingThatIsForOneUnitAlone) {
  const std::string text = clone_of(
      "[Unit]\nDescription=%n of %N\n[Service]\nType=dbus\nBusName=org.example\nUser=a\n"
      "ExecStart=/bin/x %p 100%%n\nStateDirectory=x y:z\nRemoveIPC=yes\nProtectSystem=strict\n",
      "app@one.service", manager().files());
  EXPECT_EQ(text,
            "[Unit]\nDescription=app@one.service of app@one\n[Service]\nType=exec\nUser=a\n"
            "ExecStart=/bin/x app 100%%n\nProtectSystem=strict\n"
            "Environment=STATE_DIRECTORY=/var/lib/x:/var/lib/y\n"
            "ReadWritePaths=-/var/lib/x -/var/lib/y\n");
}

}  // namespace
}  // namespace sandproof::explain
