#include "check/directory_groups.h"

#include <algorithm>
#include <map>

namespace sandproof {

namespace {

bool is_in(const std::string& path, const std::vector<std::string>& folders) {
  return std::any_of(folders.begin(), folders.end(), [&path](const std::string& folder) {
    return path == folder || path.starts_with(folder + "/");
  });
}

}  // namespace

std::vector<Names> groups_of_different_directories(const Names& names) {
  std::map<std::string, Names> by_what_they_say;
  for (const auto& name : names) {
    by_what_they_say[name.substr(directory_kind_of(name).size())].insert(name);
  }
  std::vector<Names> groups;
  for (auto& [what, group] : by_what_they_say) groups.push_back(std::move(group));
  return groups;
}

std::optional<std::string> directive_of_directory(const Attempt& attempt, const Names& group,
                                                  const Settings& settings,
                                                  const DirectoryParents& parents) {
  Names found;
  for (const auto& name : group) {
    const auto folders = own_directories_of(directory_kind_of(name), settings, parents);
    const bool is_named =
        std::any_of(attempt.args.begin(), attempt.args.end(),
                    [&](const std::string& word) { return is_in(word, folders); });
    if (is_named) found.insert(name);
  }
  if (found.size() != 1) return std::nullopt;
  return *found.begin();
}

}  // namespace sandproof
