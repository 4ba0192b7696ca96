// The line that somebody pastes into a shell.
#include "check/reproduce.h"

#include <gmock/gmock.h>

namespace sandproof {
namespace {

using testing::EndsWith;
using testing::StartsWith;

class Reproduce : public testing::Test {
 protected:
  Reproduce() {
    Directive home;
    home.name = "ProtectHome";
    home.values = {"yes"};
    Directive user;
    user.name = "User";
    user.values = {"x y"};
    unit_.directives = {home, user};
    subject_.bystander.tmp_file = "/tmp/sandproof-1";
    subject_.bystander.root_pid = 23;
    subject_.bystander.namespaces = {{"mnt", "4026531841"}};
    subject_.privileged_folder = "/var/lib/sandproof-2";
  }
  std::string line(const Attempt& attempt, bool as_root = false) const {
    return reproduce_line(subject_, unit_, attempt, "/p", as_root);
  }

  Settings settings_;
  guarantee::Subject subject_{.settings = settings_,
                              .systemd = 252,
                              .user = {},
                              .bystander = {},
                              .writable_folder = {},
                              .exists = {},
                              .place_of = {}};
  Unit unit_;
};

TEST_F(Reproduce, HasTheUnitsLinesAndQuotesThem) {
  EXPECT_EQ(line({"fs-write", {"/a b"}}),
            "systemd-run --wait --pipe --quiet --collect -p ProtectHome=yes -p 'User=x y' "
            "/p/fs-write '/a b'");
}

TEST_F(Reproduce, LeavesOutWhoTheUnitIsForWhatRootsCellShowed) {
  EXPECT_EQ(line({"set-time", {}}, true),
            "systemd-run --wait --pipe --quiet --collect -p ProtectHome=yes /p/set-time");
}

TEST_F(Reproduce, MakesTheFileOfTheAttemptAnew) {
  EXPECT_THAT(line({"fs-read", {"/tmp/sandproof-1"}}),
              StartsWith("echo sandproof >/tmp/sandproof-1; systemd-run "));
}

TEST_F(Reproduce, TakesPid1ForTheProcessOfTheRun) {
  EXPECT_THAT(line({"fs-reach", {"/proc/23/root/home"}}), EndsWith(" /proc/1/root/home"));
  EXPECT_THAT(line({"ptrace", {"23"}}), EndsWith("/ptrace 1"));
}

TEST_F(Reproduce, TakesTheNamespacesOfThatProcess) {
  EXPECT_THAT(line({"share-namespace", {"mnt", "4026531841"}}),
              EndsWith("/share-namespace mnt $(stat -Lc %i /proc/1/ns/mnt)"));
  EXPECT_THAT(line({"share-namespace", {"mnt", "4026531842"}}), EndsWith(" mnt 4026531842"));
}

TEST_F(Reproduce, MakesTheProgramsThatGivePrivilegesAnew) {
  EXPECT_THAT(line({"gain-privileges", {"/var/lib/sandproof-2/be-root"}}),
              StartsWith("install -D --mode=4755 /p/be-root /var/lib/sandproof-2/be-root; "
                         "systemd-run "));
  EXPECT_THAT(
      line({"gain-privileges", {"/var/lib/sandproof-2/hold-capability", "effective", "CAP_X"}}),
      StartsWith("install -D /p/hold-capability /var/lib/sandproof-2/hold-capability; "
                 "setcap cap_net_bind_service=ep /var/lib/sandproof-2/hold-capability; "
                 "systemd-run "));
}

}  // namespace
}  // namespace sandproof
