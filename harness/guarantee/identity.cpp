#include <linux/capability.h>

#include <array>
#include <cstdio>
#include <string>
#include <string_view>

#include "guarantee/expect.h"
#include "guarantee/families.h"

namespace sandproof::guarantee {

namespace {

bool is_root(std::string_view name) { return name.empty() || name == "root" || name == "0"; }

// In octal, as umask(1) writes it.
std::string octal(unsigned bits) {
  char text[8];
  std::snprintf(text, sizeof text, "%04o", bits);
  return text;
}

// These take root away from the unit, so it is bare root that shows what would be without them. The
// filter of a unit may kill what asks to be root, and lets pass what only looks.
Promise user(const Subject& subject) {
  if (is_root(subject.user)) return Promise::off();
  auto become = side_door("setuid(0)", {"become-user", {"0"}}, {denied(EPERM)},
                          "CapabilityBoundingSet=~CAP_SETUID");
  become.control = Control::root;
  return {{must_be_denied_unlike_root({"be-root", {}}, {denied(EPERM)}), std::move(become)}};
}

Promise group(const Subject& subject) {
  if (is_root(subject.settings.text("Group"))) return Promise::off();
  return {{must_be_denied_unlike_root({"be-root-group", {}}, {denied(EPERM)})}};
}

// A user that owns nothing of the machine's. DynamicUser=yes with the User= of an account that
// there is runs as that account, without a word (dynamic_user_realize() in dynamic-user.c).
Promise dynamic_user(const Subject& subject) {
  if (!subject.settings.boolean("DynamicUser")) return Promise::off();
  return {{must_be_denied_unlike_root({"be-static-user", {}}, {denied(EPERM)})}};
}

// In the user namespace of PrivateUsers=yes, any group but root's and the unit's own is shown as
// nobody's, though the kernel goes on heeding it.
bool groups_are_shown(const Settings& settings) {
  const std::string mapping = settings.text("PrivateUsersEx");
  return !settings.boolean("PrivateUsers") || mapping == "identity" || mapping == "full";
}

Promise supplementary_groups(const Subject& subject) {
  Promise promise;
  for (const std::string& name : subject.settings.texts("SupplementaryGroups")) {
    promise.attempts.push_back(must_be_granted({"be-in-group", {name}}));
  }
  if (promise.attempts.empty()) return Promise::off();
  if (!groups_are_shown(subject.settings)) {
    return Promise::untestable("PrivateUsers= shows them as nobody's");
  }
  return promise;
}

Promise umask(const Subject& subject) {
  const auto mask = static_cast<unsigned>(subject.settings.number("UMask") & 0777);
  Promise promise;
  if (mask != 0) {
    promise.attempts.push_back(must_be_denied({"pass-umask", {octal(mask)}}, {denied(EPERM)}));
  }
  // One bit at a time, for the probe is content with any.
  for (const unsigned bit : {020U, 002U}) {
    if ((mask & bit) == 0) {
      promise.attempts.push_back(must_be_granted({"pass-umask", {octal(bit)}}));
    }
  }
  return promise;
}

// A service of the system has `private` without asking for it.
Promise keyring_mode(const Subject& subject) {
  const std::string mode = subject.settings.text("KeyringMode");
  const Attempt search = {"search-user-keyring", {}};
  if (mode == "private") return {{must_be_denied(search, {denied(ENOKEY)})}};
  if (mode == "shared") return {{must_be_granted(search)}};
  return Promise::off();
}

Promise no_new_privileges(const Subject& subject) {
  if (!subject.settings.boolean("NoNewPrivileges")) return Promise::off();
  Promise promise{{must_be_denied({"gain-privileges", {}}, {denied(EPERM)}),
                   side_door("prctl(PR_SET_NO_NEW_PRIVS, 0)", {"gain-privileges", {"prctl"}},
                             {denied(EPERM)}, "")}};
  const auto& folder = subject.privileged_folder;
  if (folder.empty() || is_root(subject.user)) return promise;
  promise.attempts.push_back(side_door(
      "a set-user-ID program", {"gain-privileges", {folder + "/be-root"}}, {denied(EPERM)}, ""));
  // Who has the capability already gains nothing by a program that gives it.
  const auto ambient = subject.settings.number("AmbientCapabilities");
  if ((ambient >> CAP_NET_BIND_SERVICE & 1) != 0) return promise;
  promise.attempts.push_back(side_door(
      "a program with capabilities",
      {"gain-privileges", {folder + "/hold-capability", "effective", "CAP_NET_BIND_SERVICE"}},
      {denied(EPERM)}, ""));
  return promise;
}

Promise remove_ipc(const Subject& subject) {
  // clean_ipc_internal() in clean-ipc.c leaves root's alone.
  if (!subject.settings.boolean("RemoveIPC") || is_root(subject.user)) return Promise::off();
  return Promise::untestable("it shows only after the unit has stopped");
}

constexpr std::array table = {
    Guarantee{"DynamicUser", dynamic_user},
    Guarantee{"Group", group},
    Guarantee{"KeyringMode", keyring_mode},
    Guarantee{"NoNewPrivileges", no_new_privileges},
    Guarantee{"RemoveIPC", remove_ipc},
    Guarantee{"SupplementaryGroups", supplementary_groups},
    Guarantee{"UMask", umask},
    Guarantee{"User", user},
};

}  // namespace

std::span<const Guarantee> identity_guarantees() { return table; }

}  // namespace sandproof::guarantee
