// Units of a user manager, through the program as it is called. What it enforces differs by
// version: docs/user-manager.md.
#include <gmock/gmock.h>

#include <map>
#include <nlohmann/json.hpp>

#include "claim/run.h"
#include "testing/folder.h"
#include "testing/ran.h"
#include "testing/throwaway.h"

namespace sandproof {
namespace {

using Json = nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Pair;
using testing_support::Ran;

const std::string program = std::string(SANDPROOF_BINARY_DIR) + "/sandproof";

// From here on a sandbox that takes namespaces has one of users, too, where there is no privilege.
constexpr int namespaces_since = 254;

// What shuts the way around every sandbox: to ask the user manager.
constexpr auto no_way_to_the_manager =
    "SystemCallFilter=~@network-io @aio\nSystemCallArchitectures=native\n";

std::string named(const std::string& lines) { return "[Service]\nExecStart=/bin/true\n" + lines; }

std::map<std::string, std::string> statuses_of(const Json& check) {
  std::map<std::string, std::string> statuses;
  for (const auto& directive : check.at("directives")) {
    statuses[directive.at("name")] = directive.at("status");
  }
  return statuses;
}

class UserUnits : public testing_support::InFolder {
 protected:
  Ran run(const std::string& lines, std::vector<std::string> options = {}) const {
    options.insert(options.begin(), {"check", "--user", "--manager", "throwaway"});
    options.push_back(file("x.service", named(lines)));
    return testing_support::run(program, options);
  }

  Json check(const std::string& lines, std::vector<std::string> options = {}) const {
    options.insert(options.begin(), {"--format", "json"});
    const auto ran = run(lines, options);
    auto json = Json::parse(ran.out, nullptr, false);
    EXPECT_FALSE(json.is_discarded()) << ran.err;
    return json.is_discarded() ? Json{{"directives", Json::array()}} : json;
  }

  std::map<std::string, std::string> statuses(const std::string& lines,
                                              std::vector<std::string> options = {}) const {
    return statuses_of(check(lines, std::move(options)));
  }

  static std::vector<std::string> on_trixie() {
    return {"--root", claim::root_folder("trixie").string()};
  }
};

TEST_F(UserUnits, WhatTakesNoPrivilegeHolds) {
  EXPECT_THAT(statuses(std::string("NoNewPrivileges=yes\n") + no_way_to_the_manager),
              IsSupersetOf({Pair("NoNewPrivileges", "held"), Pair("SystemCallFilter", "held")}));
}

TEST_F(UserUnits, AskingTheUserManagerIsAWayAroundAll) {
  const auto json = check("NoNewPrivileges=yes\n");
  EXPECT_THAT(statuses_of(json), IsSupersetOf({Pair("NoNewPrivileges", "bypassed")}));
  const auto reason = json.at("directives").at(0).at("reason").get<std::string>();
  EXPECT_THAT(reason, HasSubstr("by asking the manager to start a unit"));
}

TEST_F(UserUnits, ANamespaceThatIsNotMadeLeaks) {
  const std::string unit = "ReadOnlyPaths=%h/kept\nProtectSystem=strict\nPrivateNetwork=yes\n";
  const auto json = check(unit + no_way_to_the_manager);
  const bool is_made = json.at("manager").at("systemd").get<int>() >= namespaces_since;
  const std::string status = is_made ? "held" : "leaked";
  EXPECT_THAT(statuses_of(json),
              IsSupersetOf({Pair("ReadOnlyPaths", status), Pair("ProtectSystem", status),
                            Pair("PrivateNetwork", status)}));
  if (!is_made) {
    EXPECT_THAT(json.at("notes").dump(),
                AllOf(HasSubstr("ReadOnlyPaths=, ProtectSystem=, PrivateNetwork=: "),
                      HasSubstr("with PrivateUsers=yes")));
  }
}

TEST_F(UserUnits, InAUserNamespaceOfItsOwnTheSameHolds) {
  const auto json = check(
      "PrivateUsers=yes\nProtectHome=yes\nReadOnlyPaths=/var/tmp\nPrivateNetwork=yes\n"
      "CapabilityBoundingSet=\nRestrictNamespaces=yes\n");
  EXPECT_THAT(statuses_of(json),
              IsSupersetOf({Pair("PrivateUsers", "held"), Pair("ProtectHome", "held"),
                            Pair("ReadOnlyPaths", "held"), Pair("PrivateNetwork", "held"),
                            Pair("CapabilityBoundingSet", "held")}));
  EXPECT_THAT(json.at("notes"), IsEmpty());
}

TEST_F(UserUnits, ANewerUserManagerMakesTheNamespaces) {
  EXPECT_THAT(statuses("ReadOnlyPaths=%h/kept\nProtectHome=read-only\nPrivateTmp=yes\n" +
                           std::string(no_way_to_the_manager),
                       on_trixie()),
              IsSupersetOf({Pair("ReadOnlyPaths", "held"), Pair("ProtectHome", "held"),
                            Pair("PrivateTmp", "held")}));
}

TEST_F(UserUnits, WhatRootAloneMayDoShowsNothing) {
  const auto json = check("ProtectSystem=full\n" + std::string(no_way_to_the_manager));
  EXPECT_THAT(statuses_of(json), IsSupersetOf({Pair("ProtectSystem", "untestable")}));
  EXPECT_EQ(json.at("directives").at(0).at("reason"),
            "the unit's user may not do it without the sandbox either: denied EACCES; as root it "
            "could not be tried: a user manager runs nothing as root");
}

TEST_F(UserUnits, DirectoriesAreTheUsers) {
  for (const auto& options : {std::vector<std::string>(), on_trixie()}) {
    const auto json = check(
        "StateDirectory=x\nRuntimeDirectory=x\nCacheDirectory=x\nLogsDirectory=x\n"
        "ConfigurationDirectory=x\n",
        options);
    EXPECT_THAT(statuses_of(json),
                IsSupersetOf({Pair("StateDirectory", "held"), Pair("RuntimeDirectory", "held"),
                              Pair("CacheDirectory", "held"), Pair("LogsDirectory", "held"),
                              Pair("ConfigurationDirectory", "held")}));
    EXPECT_THAT(json.at("attempts").dump(), HasSubstr("/home/sandproof/.cache/x"));
  }
}

TEST_F(UserUnits, WhatAUserManagerIgnoresIsToldWithWhatItSays) {
  const auto json = check("ProtectHome=perhaps\nPrivatTmp=yes\n");
  EXPECT_THAT(statuses_of(json),
              IsSupersetOf({Pair("ProtectHome", "ignored"), Pair("PrivatTmp", "ignored")}));
  EXPECT_THAT(json.at("directives").at(0).at("reason").get<std::string>(), HasSubstr("perhaps"));
}

TEST_F(UserUnits, AnotherUserThanTheManagersIsNotToBeHad) {
  const auto ran = run("User=nobody\n");
  EXPECT_EQ(ran.status, 3);
  EXPECT_THAT(ran.err, HasSubstr("its sandbox cannot be set up: exit status 216/GROUP"));
}

TEST_F(UserUnits, TheReportSaysWhoseManagerAndHowToRunItAgain) {
  const auto ran = run("NoNewPrivileges=yes\n");
  EXPECT_THAT(ran.out, AllOf(HasSubstr("user sandproof  ·  systemd --user "),
                             HasSubstr("  prepared  user sandproof\n"),
                             HasSubstr("$ systemd-run --user --wait ")));
}

// Without the privilege to do otherwise, a filter takes NoNewPrivileges= with it.
TEST_F(UserUnits, AFilterIsSeenToCarryWhatItImplies) {
  const auto load = [](const Json& json) {
    return json.at("directives").at(0).at("load").get<std::string>();
  };
  EXPECT_EQ(load(check("NoNewPrivileges=yes\n", {"--ablate"})), "bearing");
  EXPECT_EQ(load(check("NoNewPrivileges=yes\nSystemCallFilter=~@keyring\n", {"--ablate"})),
            "shared");
}

TEST_F(UserUnits, RootsOwnUserManagerIsRefused) {
  const auto ran = testing_support::run(
      program, {"check", "--user", "--manager", "host", file("x.service", named(""))});
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.err, HasSubstr("root's own user manager"));
}

using UserOnHost = testing_support::OnThrowaway;

// As docs/user-manager.md has it, but for the account, whose name the program asks for, and for a
// journal that is kept, as on most machines: users may read their part of it.
constexpr auto start_user_manager = R"(set -e
mkdir -p /var/log/journal
printf '[Journal]\nStorage=persistent\n' >/run/systemd/journald.conf.d/zz.conf
systemctl restart systemd-journald
journalctl --flush
echo 'u sandproof-test 4711 - /home/sandproof-test /bin/sh' | systemd-sysusers -
mkdir -p /home/sandproof-test /run/user/4711
chown 4711 /home/sandproof-test /run/user/4711
chmod 700 /run/user/4711
systemd-run --quiet --unit=um -p Type=notify -p User=4711 -p Delegate=yes -p KillMode=mixed \
  -p Environment=XDG_RUNTIME_DIR=/run/user/4711 /usr/lib/systemd/systemd --user
)";

TEST_F(UserOnHost, ChecksInTheCallersOwnManagerWithoutRoot) {
  install();
  ASSERT_EQ(*manager().run_inside({"sh", "-c", start_user_manager}), 0);
  const std::string unit = std::string(home) + "/user.service";
  ASSERT_TRUE(manager().files().write_new(
      unit,
      named("PrivateUsers=yes\nProtectHome=yes\nNoNewPrivileges=yes\nProtectSystem=perhaps\n"),
      0644));
  const auto status = manager().run_inside(
      {"setpriv", "--reuid=4711", "--regid=4711", "--clear-groups", "sh", "-c",
       "cd / && XDG_RUNTIME_DIR=/run/user/4711 " + std::string(home) +
           "/sandproof check --user --manager host --format json --output /var/tmp/user.json " +
           unit});
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(*status, 1);
  const auto text = manager().files().read("/var/tmp/user.json");
  ASSERT_TRUE(text) << text.error().message;
  const auto json = Json::parse(*text);
  EXPECT_EQ(json.at("manager").at("kind"), "host");
  EXPECT_EQ(json.at("unit").at("user"), "sandproof-test");
  EXPECT_THAT(statuses_of(json),
              IsSupersetOf({Pair("PrivateUsers", "held"), Pair("ProtectHome", "held"),
                            Pair("NoNewPrivileges", "held"), Pair("ProtectSystem", "ignored")}));
  // In the words of systemd, whose log the user may read a part of.
  EXPECT_THAT(json.at("directives").dump(), HasSubstr("Failed to parse")) << json.at("notes");

  std::vector<std::string> left;
  for (const char* folder : {"dev/shm", "tmp", "var/tmp", "run/user/4711/systemd/user"}) {
    std::error_code error;
    const auto path = manager().files().name() / folder;
    for (const auto& entry : std::filesystem::directory_iterator(path, error)) {
      const std::string name = entry.path().filename().string();
      if (name.starts_with("sandproof-")) left.push_back(name);
    }
  }
  EXPECT_THAT(left, IsEmpty());
}

}  // namespace
}  // namespace sandproof
