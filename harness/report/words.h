// Words that every format shares.
#pragma once

#include <string>

#include "model/check.h"

namespace sandproof::report {

// "root" for a unit without User=.
inline std::string user_name(const CheckResult& result) {
  return result.user.empty() ? "root" : result.user;
}

}  // namespace sandproof::report
