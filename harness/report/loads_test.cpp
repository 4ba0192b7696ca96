#include "report/loads.h"

#include <gmock/gmock.h>

namespace sandproof::report {
namespace {

using testing::ElementsAre;

DirectiveResult taken_away(const std::string& name, Load load) {
  DirectiveResult result;
  result.directive.name = name;
  result.directive.value = "yes";
  result.load = load;
  return result;
}

AttemptResult attempt_of(const std::string& probe, std::vector<std::string> carried_by) {
  AttemptResult result;
  result.attempt.probe = probe;
  result.is_shared = carried_by.size() > 1;
  result.carried_by = std::move(carried_by);
  return result;
}

TEST(Loads, WhatADirectiveCarriesAndSharesAndThatItIsIdle) {
  CheckResult result;
  result.directives = {taken_away("A", Load::bearing), taken_away("B", Load::shared),
                       taken_away("C", Load::idle)};
  result.attempts = {attempt_of("one", {"A"}), attempt_of("two", {"A", "B"})};
  EXPECT_THAT(load_lines(result, 80),
              ElementsAre("  A=yes  carries one", "         shares with B: two",
                          "  B=yes  shares with A: two", "  C=yes  idle"));
}

TEST(Loads, OfManyTheFirstFewAreTold) {
  CheckResult result;
  result.directives = {taken_away("A", Load::bearing)};
  result.attempts = {attempt_of("one", {"A"}), attempt_of("two", {"A"}), attempt_of("three", {"A"}),
                     attempt_of("four", {"A"}),
                     attempt_of("shared", {"A", "B", "C", "D", "E", "F", "G", "H"})};
  EXPECT_THAT(load_lines(result, 80),
              ElementsAre("  A=yes  carries one, two, three and 1 more",
                          "         shares with B, C, D, E, F and 2 more: shared"));
}

}  // namespace
}  // namespace sandproof::report
