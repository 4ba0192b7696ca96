// A suite in C++, for what a table of stanzas says less well: a walk over paths.

#include <gtest/gtest.h>

#include <cerrno>

#include "claim/testing.h"

namespace sandproof::testing {
namespace {

const UnitUnderTest runwisp = unit(SANDPROOF_SOURCE_DIR "/units/runwisp.service");

TEST(Runwisp, TheWholeSystemIsReadOnly) {
  for (const char* folder : {"/etc", "/usr", "/var/log", "/var/lib", "/opt", "/srv"}) {
    EXPECT_THAT(runwisp.attempt("fs-write", folder), IsDenied(EROFS));
    EXPECT_THAT(runwisp.attempt("fs-write", folder), IsDeniedToRoot(EROFS));
  }
}

TEST(Runwisp, TheDataDirectoryIsWritable) {
  EXPECT_THAT(runwisp.attempt("fs-write", "/var/lib/runwisp"), IsAllowed());
}

TEST(Runwisp, ADenialThatTheSandboxHasNoPartInIsNone) {
  // The user may not set the clock without the sandbox either, and root may with it.
  EXPECT_THAT(runwisp.attempt("set-time"), ::testing::Not(IsDenied()));
  EXPECT_THAT(runwisp.attempt("set-time"), IsAllowedToRoot());
}

}  // namespace
}  // namespace sandproof::testing
