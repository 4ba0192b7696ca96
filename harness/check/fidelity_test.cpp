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

TEST(Fidelity, AScoreThatTakesAPrivilegeIsToldWhereItIsNotTaken) {
  EXPECT_THAT(notes_on_fidelity(with("throwaway", {{"OOMScoreAdjust", Status::leaked}})),
              ElementsAre(StartsWith("OOMScoreAdjust=: a throwaway is without CAP_SYS_RESOURCE")));
  EXPECT_THAT(notes_on_fidelity(with("throwaway", {{"OOMScoreAdjust", Status::held}})), IsEmpty());
}

TEST(Fidelity, WhatHeldOnAThrowawayNeedsNoNote) {
  EXPECT_THAT(notes_on_fidelity(with(
                  "throwaway", {{"TasksMax", Status::held}, {"ReadWritePaths", Status::held}})),
              IsEmpty());
}

CheckResult with_doors(const std::string& user, const std::vector<std::string>& probes) {
  auto result = with("throwaway", {{"ProtectHome", Status::held}, {"UMask", Status::held}});
  result.user = user;
  for (const auto& probe : probes) {
    AttemptResult attempt;
    attempt.attempt.probe = probe;
    attempt.directives = {"ProtectHome"};
    result.attempts.push_back(attempt);
  }
  return result;
}

TEST(Fidelity, ADoorThatWantsAHandleIsToldWhereThereIsNone) {
  EXPECT_THAT(notes_on_fidelity(with_doors("root", {"fs-reach", "fs-by-clone"})),
              ElementsAre(StartsWith("ProtectHome=: a throwaway's files are on an overlay")));
  EXPECT_THAT(notes_on_fidelity(with_doors("root", {"fs-by-clone", "fs-by-handle"})), IsEmpty());
  // Only root has the capability for it, and opens it.
  EXPECT_THAT(notes_on_fidelity(with_doors("nobody", {"fs-by-clone"})), IsEmpty());
  EXPECT_THAT(notes_on_fidelity(with_doors("root", {"fs-reach"})), IsEmpty());
}

TEST(Fidelity, OfAUserManagerNothingIsSaidThatWasNotSeen) {
  auto result =
      with("throwaway", {{"TasksMax", Status::leaked}, {"ReadWritePaths", Status::untestable}});
  result.manager.user = "anna";
  EXPECT_THAT(notes_on_fidelity(result),
              ElementsAre(StartsWith("TasksMax=: a throwaway's user manager has only")));
}

TEST(Fidelity, AHostSaysAllThereIs) {
  EXPECT_THAT(notes_on_fidelity(with("host", {{"TasksMax", Status::leaked}})), IsEmpty());
}

}  // namespace
}  // namespace sandproof
