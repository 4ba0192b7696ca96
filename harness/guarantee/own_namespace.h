// That a unit has a namespace of its own, shown by an inode number that anyone may read.
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

}  // namespace sandproof::guarantee
