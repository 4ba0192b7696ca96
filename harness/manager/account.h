// The account whose user manager is run in a throwaway.
#pragma once

#include <string>

#include "base/result.h"
#include "manager/manager.h"

namespace sandproof {

struct Account {
  std::string name;
  std::string uid;
  std::string home;
  bool is_made = false;  // by us, in a throwaway
};

// Of the user who is behind this process: the caller of sudo(8), where root has that account, too.
// Else one that is made for the purpose, with a home that is empty: root's own user manager would
// have privileges that no other has.
Result<Account> account_for_user_manager(const Manager& throwaway);

// Of the user whose process this is; never root's.
Result<Account> own_account();

}  // namespace sandproof
