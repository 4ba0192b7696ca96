// Looks for the keyring that all processes of a user share from the session keyring, which is where
// keys are looked for. KeyringMode=private gives a service a session keyring that does not lead
// there.

#include <linux/keyctl.h>

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "search-user-keyring",
    .attempts = "keyctl(KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, \"keyring\", \"_uid.UID\")",
    .harmless_because = "no key is read or linked",
    .denied_with = {ENOKEY, EPERM, EACCES},
};

probe::Outcome attempt(probe::Args) {
  const long user = sys::getuid();
  if (user < 0) return probe::unable("getuid", user);
  probe::Text name;
  name.add("_uid.").add_number(user);
  return probe::judge(card, sys::call(__NR_keyctl, KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING,
                                      "keyring", name.c_str(), 0));
}
