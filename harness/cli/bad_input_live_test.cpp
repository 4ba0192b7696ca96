// What people get wrong: one clear sentence on standard error that names the file, and the right
// exit status.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "testing/folder.h"
#include "testing/ran.h"

namespace sandproof {
namespace {

using testing::HasSubstr;
using testing_support::Ran;

const std::string program = std::string(SANDPROOF_BINARY_DIR) + "/sandproof";

class BadInput : public testing_support::InFolder {
 protected:
  // Exactly one line, which names what is wrong, and nothing on standard output.
  static void expect_one_sentence(const Ran& ran, int status, const std::string& name) {
    EXPECT_EQ(ran.status, status) << ran.err;
    EXPECT_EQ(ran.out, "");
    EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1) << ran.err;
    EXPECT_THAT(ran.err, HasSubstr(name));
  }

  static Ran check(const std::string& unit) {
    return testing_support::run(program, {"check", "--manager", "throwaway", unit});
  }
};

TEST_F(BadInput, AFileThatIsNotThere) {
  const auto path = (folder_ / "missing.service").string();
  expect_one_sentence(check(path), 2, path);
}

TEST_F(BadInput, AUnitThatSystemdDoesNotKnow) {
  expect_one_sentence(check("no-such-unit.service"), 2, "no-such-unit.service");
}

TEST_F(BadInput, AFolder) {
  expect_one_sentence(check(folder_.string() + "/"), 2, folder_.string());
}

TEST_F(BadInput, AnEmptyFile) {
  const auto path = file("empty.service", "");
  expect_one_sentence(check(path), 2, path);
}

TEST_F(BadInput, ABinaryFile) {
  const auto path = file("binary.service", std::string("\x7f"
                                                       "ELF\0\0\0",
                                                       7));
  expect_one_sentence(check(path), 2, path);
}

TEST_F(BadInput, AUnitThatIsNoService) {
  const auto path = file("x.timer", "[Timer]\nOnBootSec=1\n");
  expect_one_sentence(check(path), 2, "x.timer");
}

TEST_F(BadInput, AUnitThatSystemdRefusesToLoad) {
  // Two commands are an error for a service that is not of Type=oneshot.
  const auto path =
      file("two.service", "[Service]\nType=simple\nExecStart=/bin/true\nExecStart=/bin/true\n");
  expect_one_sentence(check(path), 2, "two.service");
}

TEST_F(BadInput, ATemplateWithoutAnInstance) {
  const auto path = file("x@.service", "[Service]\nExecStart=/bin/true\n");
  expect_one_sentence(check(path), 2, "x@.service");
}

TEST_F(BadInput, ARootWithoutASystemd) {
  const auto ran =
      testing_support::run(program, {"check", "--root", folder_.string(), "units/runwisp.service"});
  expect_one_sentence(ran, 2, folder_.string());
}

TEST_F(BadInput, ARootThatIsNotThere) {
  const auto missing = (folder_ / "missing").string();
  expect_one_sentence(testing_support::run(program, {"check", "--root", missing, "x.service"}), 2,
                      missing);
}

TEST_F(BadInput, AHostWithoutSystemd) {
  if (std::filesystem::exists("/run/systemd/system")) return;
  expect_one_sentence(testing_support::run(program, {"check", "--manager", "host", "x.service"}), 3,
                      "systemd");
}

TEST_F(BadInput, TheUnitsOwnProgramOnThisMachineWithoutAYes) {
  const auto path = file("x.service", "[Service]\nExecStart=/bin/true\n");
  expect_one_sentence(testing_support::run(program, {"explain", "--manager", "host", path}), 2,
                      "--yes");
}

TEST_F(BadInput, OneBadUnitAmongGoodOnesIsToldAndTheRestIsChecked) {
  const auto good = file("good.service", "[Service]\nExecStart=/bin/true\nPrivateTmp=yes\n");
  const auto ran =
      testing_support::run(program, {"check", "--manager", "throwaway", "missing.service", good});
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.err, HasSubstr("missing.service"));
  EXPECT_THAT(ran.out, HasSubstr("PrivateTmp"));
}

TEST_F(BadInput, AClaimAboutAUnitThatIsNotThereIsNotConfirmedByDefaults) {
  const auto suite = file("a.suite",
                          "[Suite]\nUnit=no-such-unit.service\nDocument=x\n[Claim]\nId=a\nSays=x\n"
                          "Source=x\nProperty=ProtectClock\nIs=no\n");
  const auto ran = testing_support::run(program, {"claims", "--manager", "throwaway", suite});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("unproven"));
  EXPECT_THAT(ran.out, HasSubstr("systemd knows no unit no-such-unit.service"));
}

TEST_F(BadInput, AMachineIsChangedOnlyWhereItIsNamedTwice) {
  const auto suite = file("a.suite",
                          "[Suite]\nDocument=x\n[Claim]\nId=a\nSays=x\nSource=x\n"
                          "UnitState=x.service\nIs=absent\n");
  const auto ran = testing_support::run(program, {"claims", "--disposable-host", suite});
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.err, HasSubstr("say --manager host"));
}

TEST_F(BadInput, AnUnknownOption) {
  EXPECT_EQ(testing_support::run(program, {"check", "--frobnicate", "x.service"}).status, 2);
}

TEST_F(BadInput, NoCommandAtAll) { EXPECT_EQ(testing_support::run(program, {}).status, 2); }

}  // namespace
}  // namespace sandproof
