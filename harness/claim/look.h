// Looks at files of a manager's root: who owns them, what is on the way to them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/rooted.h"

namespace sandproof::claim {

struct FileFacts {
  std::string path;
  std::string owner;  // "user:group", by the root's own names
  unsigned mode = 0;
  bool is_symlink = false;
  // The part of the path that is one; "" where none is.
  std::string symlink_on_the_way;
};

// Nothing where the path leads nowhere. A symlink at its end is looked at itself.
std::optional<FileFacts> look_at(const RootedFs& files, const std::string& path);

// The paths that a glob(7) matches, sorted; a path without wildcards is itself where it is there.
std::vector<std::string> matching(const RootedFs& files, const std::string& pattern);

// "fluxheim" of 998, or the number; "passwd" or "group".
std::string account_name(const RootedFs& files, const std::string& database, unsigned id);

// Sets owner ("user:group", by the root's own names) and mode; a symlink is left as it is.
Result<void> give(const RootedFs& files, const std::string& path, const std::string& owner,
                  unsigned mode);
Result<void> make_symlink(const RootedFs& files, const std::string& path,
                          const std::string& target);

}  // namespace sandproof::claim
