// The host's manager, on the only machine whose PID 1 is systemd that a test can count on: a
// throwaway, with the program itself run inside of it.
#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "check/check.h"
#include "testing/throwaway.h"

namespace sandproof {
namespace {

using Json = nlohmann::json;
using testing::IsEmpty;

using HostManager = testing_support::OnThrowaway;

std::map<std::string, std::string> statuses_of(const Json& json) {
  std::map<std::string, std::string> statuses;
  for (const auto& directive : json.at("directives")) {
    statuses[directive.at("name")] = directive.at("status");
  }
  return statuses;
}

TEST_F(HostManager, FindsWhatAThrowawayFindsAndLeavesNothing) {
  install();
  const std::string unit = std::string(home) + "/host.service";
  const std::string text =
      "[Service]\nExecStart=/bin/true\nUser=nobody\nProtectSystem=strict\nPrivateTmp=yes\n"
      "NoNewPrivileges=yes\nRestrictRealtime=yes\nProtectClock=yes\nPrivatTmp=no\n"
      "RestrictSUIDSGID=yes\n";
  ASSERT_TRUE(manager().files().write_new(unit, text, 0644));
  const std::string result = std::string(home) + "/result.json";
  const auto status = manager().run_inside({std::string(home) + "/sandproof", "check", "--manager",
                                            "host", "--format", "json", "--output", result, unit});
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(*status, 1);
  const auto json = manager().files().read(result);
  ASSERT_TRUE(json) << json.error().message;
  const auto on_host = Json::parse(*json);
  EXPECT_EQ(on_host.at("manager").at("kind"), "host");

  std::vector<std::string> left;
  for (const char* folder : {"run", "run/systemd/system", "tmp", "var/tmp", "dev/shm", "var/lib"}) {
    const auto path = manager().files().name() / folder;
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
      const std::string name = entry.path().filename().string();
      if (name.starts_with("sandproof-") && name != "sandproof-notify") left.push_back(name);
    }
  }
  EXPECT_THAT(left, IsEmpty());

  const std::string copy_of_unit = testing::TempDir() + "host.service";
  std::ofstream(copy_of_unit) << text;
  CheckOptions options;
  options.probes = testing_support::probes();
  const auto on_throwaway = check_unit(manager(), copy_of_unit, options);
  ASSERT_TRUE(on_throwaway) << on_throwaway.error().message;
  std::map<std::string, std::string> expected;
  for (const auto& directive : on_throwaway->directives) {
    expected[directive.directive.name] = to_string(directive.status);
  }
  EXPECT_EQ(statuses_of(on_host), expected);
}

TEST_F(HostManager, DoesNotMissADirectoryThatTheUnitMakesItself) {
  install();
  const std::string unit = std::string(home) + "/directories.service";
  const std::string text =
      "[Service]\nExecStart=/bin/true\nUser=nobody\nStateDirectory=sandproof-test-state\n"
      "ConfigurationDirectory=sandproof-test-configuration\n";
  ASSERT_TRUE(manager().files().write_new(unit, text, 0644));
  const std::string result = std::string(home) + "/directories.json";
  const auto status =
      manager().run_inside({std::string(home) + "/sandproof", "check", "--ablate", "--manager",
                            "host", "--format", "json", "--output", result, unit});
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(*status, 0);
  const auto json = manager().files().read(result);
  ASSERT_TRUE(json) << json.error().message;
  const auto on_host = Json::parse(*json);
  for (const auto& directive : on_host.at("directives")) {
    EXPECT_EQ(directive.contains("load"), directive.at("name") == "User") << directive;
  }
  const auto statuses = statuses_of(on_host);
  EXPECT_EQ(statuses.at("StateDirectory"), "untestable");
  EXPECT_EQ(statuses.at("ConfigurationDirectory"), "untestable");
}

TEST_F(HostManager, MakesWhatASuiteDescribesOnlyWhereTheMachineIsDisposable) {
  install();
  const std::string suite = std::string(home) + "/disposable.suite";
  const std::string text =
      "[Suite]\nDocument=x\nAccount=sandproof-test\nStandin=serve\n[File]\n"
      "Path=/run/systemd/system/sandproof-test.service\nLine=[Service]\n"
      "Line=ExecStart=/opt/sandproof-test-program\nLine=User=sandproof-test\n[Claim]\nId=a\n"
      "Says=x\nSource=x\nUnit=sandproof-test.service\nLifecycle=start\n"
      "Lifecycle=must run-as sandproof-test\n";
  ASSERT_TRUE(manager().files().write_new(suite, text, 0644));
  const std::string result = std::string(home) + "/claims.json";
  const auto verdict_with = [&](const std::vector<std::string>& options) {
    std::vector<std::string> command = {std::string(home) + "/sandproof",
                                        "claims",
                                        "--manager",
                                        "host",
                                        "--format",
                                        "json",
                                        "--output",
                                        result,
                                        suite};
    command.insert(command.end(), options.begin(), options.end());
    EXPECT_TRUE(manager().run_inside(command));
    const auto json = manager().files().read(result);
    return json ? Json::parse(*json).at("claims").at(0).at("verdict") : Json();
  };
  EXPECT_EQ(verdict_with({}), "unproven");
  EXPECT_FALSE(manager().files().exists("/run/systemd/system/sandproof-test.service"));
  EXPECT_EQ(verdict_with({"--disposable-host"}), "confirmed");
  EXPECT_TRUE(manager().files().exists("/run/systemd/system/sandproof-test.service"));
}

}  // namespace
}  // namespace sandproof
