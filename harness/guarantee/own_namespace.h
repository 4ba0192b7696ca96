// Namespaces of the unit's own: that it has one is shown by an inode number that anyone may read.
#pragma once

#include <string>

#include "guarantee/expect.h"

namespace sandproof::guarantee {

// Nothing where the number outside is not known.
inline void expect_own_namespace(Promise& promise, const Subject& subject,
                                 const std::string& type) {
  const auto outside = subject.bystander.namespaces.find(type);
  if (outside == subject.bystander.namespaces.end()) return;
  promise.attempts.push_back(
      must_be_denied({"share-namespace", {type, outside->second}}, {denied(EXDEV)}));
}

// Whether process 1 is the unit's own, so that there is nothing outside to be had of it. A text and
// not a boolean on D-Bus.
inline bool has_own_pid_1(const Settings& settings) {
  return settings.text("PrivatePIDs") == "yes";
}

}  // namespace sandproof::guarantee
