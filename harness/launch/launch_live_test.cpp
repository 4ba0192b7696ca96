#include <gmock/gmock.h>

#include <cerrno>
#include <csignal>

#include "launch/bystanders.h"
#include "launch/launcher.h"
#include "launch/stage.h"
#include "testing/throwaway.h"

namespace sandproof::launch {
namespace {

using testing::HasSubstr;

class Launch : public testing_support::OnThrowaway {
 protected:
  void SetUp() override {
    OnThrowaway::SetUp();
    auto stage = Stage::make(manager(), Settings(), testing_support::probes());
    ASSERT_TRUE(stage) << stage.error().message;
    stage_.emplace(*std::move(stage));
    launcher_.emplace(manager(), stage_->folder());
  }

  CellReport run(const std::vector<bus::Property>& properties, const std::vector<Attempt>& attempts,
                 bool without_runner = false) {
    auto reports = launcher_->run({{"cell", properties, attempts, {}, without_runner}});
    EXPECT_TRUE(reports) << (reports ? "" : reports.error().message);
    return reports ? reports->front() : CellReport();
  }

  std::optional<Stage> stage_;
  std::optional<Launcher> launcher_;
};

Value filter(bool allow_list, const std::vector<std::string>& names) {
  return {"(bas)", std::vector<Value>{Value::boolean(allow_list), Value::texts(names)}};
}

// One attempt that each directive below stops, in its own way, and some that it does not.
const std::vector<Attempt> attempts = {{"fs-write", {"/etc"}},
                                       {"set-time", {}},
                                       {"bind-port", {"80"}},
                                       {"socket-family", {"AF_NETLINK"}},
                                       {"fs-read", {"/nonexistent"}}};

const std::vector<bus::Property> sandbox = {{"ProtectSystem", Value::text("strict")},
                                            {"RestrictAddressFamilies", filter(true, {"AF_INET"})},
                                            {"SystemCallFilter", filter(false, {"settimeofday"})}};

TEST_F(Launch, ABareCellAllowsWhatTheSandboxDenies) {
  const auto bare = run({}, attempts).outcomes;
  EXPECT_EQ(bare.at({"fs-write", {"/etc"}}), Outcome::allowed());
  EXPECT_EQ(bare.at({"set-time", {}}), Outcome::allowed());
  EXPECT_EQ(bare.at({"socket-family", {"AF_NETLINK"}}), Outcome::allowed());
  EXPECT_EQ(bare.at({"fs-read", {"/nonexistent"}}), Outcome::absent(ENOENT));

  const auto sandboxed = run(sandbox, attempts).outcomes;
  EXPECT_EQ(sandboxed.at({"fs-write", {"/etc"}}), Outcome::denied(EROFS));
  EXPECT_EQ(sandboxed.at({"set-time", {}}), Outcome::killed(SIGSYS));
  EXPECT_EQ(sandboxed.at({"socket-family", {"AF_NETLINK"}}), Outcome::denied(EAFNOSUPPORT));
}

TEST_F(Launch, OneUnitAnAttemptSeesWhatTheRunnerSees) {
  const auto with_runner = run(sandbox, attempts);
  const auto without = run(sandbox, attempts, true);
  EXPECT_FALSE(with_runner.used_fallback);
  EXPECT_TRUE(without.used_fallback);
  EXPECT_EQ(with_runner.outcomes, without.outcomes);
}

TEST_F(Launch, AFilterThatKillsTheRunnersForkIsNoObstacle) {
  auto properties = sandbox;
  properties.back().value = filter(false, {"settimeofday", "clone", "clone3", "fork", "vfork"});
  const auto report = run(properties, attempts);
  EXPECT_TRUE(report.used_fallback);
  EXPECT_EQ(report.outcomes, run(sandbox, attempts).outcomes);
}

TEST_F(Launch, AFilterThatRefusesTheRunnersForkIsNoObstacle) {
  auto properties = sandbox;
  properties.back().value =
      filter(false, {"settimeofday:EPERM", "clone:EPERM", "clone3:EPERM", "fork:EPERM"});
  const auto report = run(properties, attempts);
  EXPECT_TRUE(report.used_fallback);
  EXPECT_EQ(report.outcomes.at({"set-time", {}}), Outcome::denied(EPERM));
  EXPECT_EQ(report.outcomes.at({"fs-write", {"/etc"}}), Outcome::denied(EROFS));
}

TEST_F(Launch, ASandboxThatCannotBeSetUpIsToldByItsStep) {
  const auto report = run({{"ReadWritePaths", Value::texts({"/nonexistent"})}}, attempts);
  EXPECT_THAT(report.failure, HasSubstr("226/NAMESPACE"));
  EXPECT_TRUE(report.outcomes.at({"set-time", {}}).is_unable());
}

TEST_F(Launch, AProbeThatHangsIsToldAndTheRestIsTried) {
  launcher_->context().attempt_limit = std::chrono::milliseconds(300);
  const Attempt hangs{"../../usr/bin/sleep", {"100"}};
  const auto report = run({}, {{"set-time", {}}, hangs, {"fs-write", {"/etc"}}});
  EXPECT_EQ(report.outcomes.at({"set-time", {}}), Outcome::allowed());
  EXPECT_EQ(report.outcomes.at(hangs), Outcome::unable("timed out"));
  EXPECT_EQ(report.outcomes.at({"fs-write", {"/etc"}}), Outcome::allowed());
}

TEST_F(Launch, AProbeThatHangsInAUnitOfItsOwnIsToldToo) {
  // It never says that it is attempting.
  launcher_->context().set_up_limit = std::chrono::milliseconds(300);
  const Attempt hangs{"../../usr/bin/sleep", {"100"}};
  EXPECT_EQ(run({}, {hangs}, true).outcomes.at(hangs), Outcome::unable("timed out"));
}

TEST_F(Launch, AProbeThatIsNotThereIsUnable) {
  const auto report = run({}, {{"no-such-probe", {}}});
  EXPECT_TRUE(report.outcomes.at({"no-such-probe", {}}).is_unable());
}

TEST_F(Launch, APropertyThatSystemdRefusesIsNamed) {
  const auto report = run({{"NoSuchProperty", Value::boolean(true)}}, {{"set-time", {}}});
  EXPECT_THAT(report.refused, testing::ElementsAre("NoSuchProperty"));
  EXPECT_EQ(report.outcomes.at({"set-time", {}}), Outcome::allowed());
}

TEST_F(Launch, CellsOfOneNameRunSideBySide) {
  const CellJob bare{"cell", {}, {{"fs-write", {"/etc"}}}, {}, false};
  const CellJob sandboxed{"cell", sandbox, {{"fs-write", {"/etc"}}}, {}, false};
  const auto reports = launcher_->run({bare, sandboxed, bare});
  ASSERT_TRUE(reports) << reports.error().message;
  EXPECT_EQ(reports->at(0).outcomes.at({"fs-write", {"/etc"}}), Outcome::allowed());
  EXPECT_EQ(reports->at(1).outcomes.at({"fs-write", {"/etc"}}), Outcome::denied(EROFS));
  EXPECT_EQ(reports->at(2).outcomes.at({"fs-write", {"/etc"}}), Outcome::allowed());
}

TEST_F(Launch, WhatHasNothingToDoHasNoReport) {
  const CellJob cell{"cell", {}, {{"set-time", {}}}, {}};
  const auto reports = launcher_->run_late(
      {{1, [] { return std::optional<CellJob>(); }}, {1, [&cell] { return std::optional(cell); }}});
  ASSERT_TRUE(reports) << reports.error().message;
  EXPECT_FALSE(reports->front());
  ASSERT_TRUE(reports->back());
  EXPECT_EQ(reports->back()->outcomes.at({"set-time", {}}), Outcome::allowed());
}

// More cells than run beside each other: the last job is asked for when the first cells have ended.
TEST_F(Launch, AJobIsAskedForWhileOthersRun) {
  const CellJob cell{"cell", {}, {{"set-time", {}}}, {}};
  std::vector<LateJob> jobs(20, {1, [&cell] { return std::optional(cell); }});
  std::size_t started_before = 0;
  jobs.back().job = [&] {
    started_before = launcher_->context().units_started;
    return std::optional(cell);
  };
  ASSERT_TRUE(launcher_->run_late(jobs));
  EXPECT_EQ(started_before, 19);
}

TEST_F(Launch, AJobThatCannotBeHadEndsTheRun) {
  const CellJob cell{"cell", {}, {{"set-time", {}}}, {}};
  const auto reports = launcher_->run_late(
      {{1, [&cell] { return std::optional(cell); }}, {1, []() -> Result<std::optional<CellJob>> {
                                                        return cannot_run("there are no settings");
                                                      }}});
  ASSERT_FALSE(reports);
  EXPECT_EQ(reports.error().message, "there are no settings");
  EXPECT_EQ(run({}, {{"set-time", {}}}).outcomes.at({"set-time", {}}), Outcome::allowed());
}

// The second waits for nothing of the first, which takes as long as its probe is let.
TEST_F(Launch, ALaneGoesOnWhileTheCellsOfAnotherRun) {
  launcher_->context().attempt_limit = std::chrono::seconds(2);
  const Attempt hangs{"../../usr/bin/sleep", {"100"}};
  std::vector<std::string> order;
  const auto done = launcher_->side_by_side({[&]() -> Result<void> {
                                               run({}, {hangs});
                                               order.emplace_back("the hanging one");
                                               return {};
                                             },
                                             [&]() -> Result<void> {
                                               run({}, {{"set-time", {}}});
                                               run({}, {{"set-time", {}}});
                                               order.emplace_back("the other one");
                                               return {};
                                             }});
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_THAT(order, testing::ElementsAre("the other one", "the hanging one"));
  EXPECT_EQ(run({}, {{"set-time", {}}}).outcomes.at({"set-time", {}}), Outcome::allowed());
}

TEST_F(Launch, AnErrorOfOneLaneIsToldWhenAllHaveEnded) {
  bool has_ended = false;
  const auto done =
      launcher_->side_by_side({[&]() -> Result<void> { return cannot_run("there is no unit"); },
                               [&]() -> Result<void> {
                                 run({}, {{"set-time", {}}});
                                 has_ended = true;
                                 return {};
                               }});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "there is no unit");
  EXPECT_TRUE(has_ended);
}

// A job that cannot be had ends what its lane waits for, and nothing of the others.
TEST_F(Launch, AJobThatCannotBeHadIsOneLanesError) {
  Outcome of_the_other;
  const auto done = launcher_->side_by_side(
      {[&]() -> Result<void> {
         const auto reports = launcher_->run_late({{1, []() -> Result<std::optional<CellJob>> {
                                                      return cannot_run("there are no settings");
                                                    }}});
         return reports ? Result<void>() : reports.error();
       },
       [&]() -> Result<void> {
         of_the_other = run({}, {{"set-time", {}}}).outcomes.at({"set-time", {}});
         return {};
       }});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "there are no settings");
  EXPECT_EQ(of_the_other, Outcome::allowed());
}

TEST_F(Launch, TheCloneIsReadWhileItRuns) {
  const auto reports = launcher_->run({{"cell", sandbox, attempts, {}, false, true},
                                       {"cell", sandbox, attempts, {}, false, false}});
  ASSERT_TRUE(reports) << reports.error().message;
  EXPECT_EQ(reports->front().clone.at("ProtectSystem"), Value::text("strict"));
  EXPECT_TRUE(reports->back().clone.empty());
}

TEST_F(Launch, ManyAttemptsGoThroughOneRunner) {
  std::vector<Attempt> many;
  for (int port = 2000; port < 2300; ++port) many.push_back({"bind-port", {std::to_string(port)}});
  const auto report = run({}, many);
  EXPECT_FALSE(report.used_fallback);
  EXPECT_EQ(report.outcomes.size(), many.size());
  for (const auto& [attempt, outcome] : report.outcomes) {
    EXPECT_EQ(outcome, Outcome::allowed()) << to_string(attempt);
  }
}

TEST_F(Launch, TheBystandersAreThereAndGoAway) {
  std::string file;
  {
    const auto bystanders = Bystanders::start(launcher_->context(), {"65534", {}, {}});
    ASSERT_TRUE(bystanders) << bystanders.error().message;
    const auto& facts = (*bystanders)->facts();
    file = facts.tmp_file;
    const Attempt read{"fs-read", {file}};
    const Attempt trace{"ptrace", {std::to_string(facts.root_pid)}};
    const auto outcomes = run({}, {read, trace}).outcomes;
    EXPECT_EQ(outcomes.at(read), Outcome::allowed());
    EXPECT_EQ(outcomes.at(trace), Outcome::allowed());
    EXPECT_NE(facts.root_pid, facts.user_pid);
  }
  EXPECT_FALSE(manager().files().exists(file));
}

TEST_F(Launch, ADynamicUserCanBeHadBare) {
  const auto holder = DynamicUserHolder::start(launcher_->context(), "sandproof-test");
  ASSERT_TRUE(holder) << holder.error().message;
  const int uid = std::stoi((*holder)->identity().user);
  EXPECT_GE(uid, 61184);
  EXPECT_LE(uid, 65519);
}

// On throwaways of their own, which they end.
class LaunchOnAManagerThatEnds : public testing::Test {
 protected:
  void SetUp() override {
    auto manager = boot_throwaway({});
    ASSERT_TRUE(manager) << manager.error().message;
    manager_ = *std::move(manager);
    auto stage = Stage::make(*manager_, Settings(), testing_support::probes());
    ASSERT_TRUE(stage) << stage.error().message;
    stage_.emplace(*std::move(stage));
    launcher_.emplace(*manager_, stage_->folder());
  }

  // In the order in which they are needed, and let go of the other way round.
  std::unique_ptr<Manager> manager_;
  std::optional<Stage> stage_;
  std::optional<Launcher> launcher_;
};

TEST_F(LaunchOnAManagerThatEnds, IsToldAtOnce) {
  const Attempt ends_systemd{"../../usr/bin/systemctl", {"--force", "exit"}};
  const Attempt is_under_way{"../../usr/bin/sleep", {"100"}};
  const auto reports = launcher_->run({{"cell", {}, {ends_systemd, is_under_way}, {}, false}});
  ASSERT_FALSE(reports);
  EXPECT_THAT(reports.error().message, HasSubstr("systemd ended"));
}

TEST_F(LaunchOnAManagerThatEnds, EveryLaneThatWaitsIsTold) {
  std::vector<std::string> messages;
  const auto lane = [&]() -> Result<void> {
    const CellJob cell{"cell", {}, {{"../../usr/bin/sleep", {"100"}}}, {}};
    const auto reports = launcher_->run({cell});
    messages.push_back(reports ? "" : reports.error().message);
    return reports ? Result<void>() : reports.error();
  };
  const auto end_systemd = [&]() -> Result<void> {
    const auto reports = launcher_->run({{"cell", {}, {{"set-time", {}}}, {}}});
    if (!reports) return reports.error();
    // Its files are /proc/PID/root.
    kill(std::stoi(manager_->files().name().string().substr(6)), SIGKILL);
    return {};
  };
  const auto done = launcher_->side_by_side({lane, end_systemd, lane});
  ASSERT_FALSE(done);
  EXPECT_THAT(messages, testing::SizeIs(2));
  EXPECT_THAT(messages, testing::Each(HasSubstr("systemd ended")));
}

}  // namespace
}  // namespace sandproof::launch
