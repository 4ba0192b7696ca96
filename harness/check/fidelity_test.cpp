#include "check/fidelity.h"

#include <gmock/gmock.h>

namespace sandproof {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

CheckResult with(const std::string& manager,
                 const std::vector<std::pair<std::string, Status>>& directives) {
  CheckResult result;
  result.manager.kind = manager;
  for (const auto& [name, status] : directives) {
    DirectiveResult each;
    each.directive.name = name;
    each.status = status;
    result.directives.push_back(each);
  }
  return result;
}

TEST(Fidelity, AThrowawayThatSaysLessIsToldOncePerCause) {
  EXPECT_THAT(notes_on_fidelity(with("throwaway", {{"TasksMax", Status::leaked},
                                                   {"ProtectSystem", Status::leaked},
                                                   {"ReadWritePaths", Status::untestable},
                                                   {"MemoryMax", Status::leaked}})),
              ElementsAre(StartsWith("TasksMax=, MemoryMax=: a throwaway has only the controllers"),
                          StartsWith("ReadWritePaths=: a throwaway has the unit's own")));
}

TEST(Fidelity, WhatHeldOnAThrowawayNeedsNoNote) {
  EXPECT_THAT(notes_on_fidelity(with(
                  "throwaway", {{"TasksMax", Status::held}, {"ReadWritePaths", Status::held}})),
              IsEmpty());
}

TEST(Fidelity, AHostSaysAllThereIs) {
  EXPECT_THAT(notes_on_fidelity(with("host", {{"TasksMax", Status::leaked}})), IsEmpty());
}

}  // namespace
}  // namespace sandproof
