#include <gmock/gmock.h>

#include <cstdint>

#include "guarantee/sample_unit.h"

namespace sandproof::guarantee {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Value signed_number(std::int64_t number) { return {"i", number}; }

TEST(Attributes, AreWhatTheProgramBeginsWith) {
  SampleUnit unit;
  unit.set("Nice", signed_number(-5));
  unit.set("OOMScoreAdjust", signed_number(500));
  unit.set("TimerSlackNSec", Value::unsigned_64(1000));
  unit.set("IgnoreSIGPIPE", Value::boolean(false));
  EXPECT_THAT(unit.attempts("Nice"), ElementsAre("lack-attribute nice -5: denied EPERM"));
  EXPECT_THAT(unit.attempts("OOMScoreAdjust"),
              ElementsAre("lack-attribute oom-score-adjust 500: denied EPERM"));
  EXPECT_THAT(unit.attempts("TimerSlackNSec"),
              ElementsAre("lack-attribute timer-slack 1000: denied EPERM"));
  EXPECT_THAT(unit.attempts("IgnoreSIGPIPE"),
              ElementsAre("lack-attribute sigpipe-ignored 0: denied EPERM"));
}

TEST(Attributes, ThatEveryProgramBeginsWithAreOff) {
  SampleUnit unit;
  unit.set("Nice", signed_number(0));
  unit.set("IOSchedulingClass", signed_number(2));
  unit.set("IOSchedulingPriority", signed_number(4));
  unit.set("Personality", Value::text("x86-64"));
  for (const char* directive :
       {"Nice", "IOSchedulingClass", "IOSchedulingPriority", "Personality", "CPUAffinity"}) {
    EXPECT_TRUE(unit.promise(directive).is_off) << directive;
  }
}

TEST(Attributes, ADomainOfAnotherMachineIsNotCalledOff) {
  SampleUnit unit;
  unit.set("Personality", Value::text("x86"));
  EXPECT_THAT(unit.attempts("Personality"),
              ElementsAre("lack-attribute personality 8: denied EPERM"));
  unit.set("Personality", Value::text("arm"));
  EXPECT_FALSE(unit.promise("Personality").is_off);
  EXPECT_THAT(unit.promise("Personality").untestable_because, HasSubstr("not known"));
}

TEST(Attributes, AnAffinityIsToldByProcessorsInEights) {
  SampleUnit unit;
  unit.set("CPUAffinity",
           {"ay", std::vector<Value>{{"y", std::uint64_t{0x81}}, {"y", std::uint64_t{0x0f}}}});
  EXPECT_THAT(unit.attempts("CPUAffinity"),
              ElementsAre("lack-attribute processors 810f: denied EPERM"));
}

TEST(Attributes, WhatIsResetOnForkIsNotSeenInAFork) {
  SampleUnit unit;
  unit.set("CPUSchedulingPolicy", signed_number(3));
  EXPECT_THAT(unit.attempts("CPUSchedulingPolicy"),
              ElementsAre("lack-attribute scheduling-policy 3: denied EPERM"));
  unit.set("CPUSchedulingResetOnFork");
  EXPECT_THAT(unit.promise("CPUSchedulingPolicy").untestable_because, HasSubstr("forks"));
}

}  // namespace
}  // namespace sandproof::guarantee
