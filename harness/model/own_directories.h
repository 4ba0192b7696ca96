// The directories that systemd makes for a unit: RuntimeDirectory=, StateDirectory= and their kind.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/settings.h"

namespace sandproof {

// Below what a manager makes them: systemd.exec(5). As the system's manager has it.
struct DirectoryParents {
  std::string runtime = "/run";
  std::string state = "/var/lib";
  std::string cache = "/var/cache";
  std::string logs = "/var/log";
  std::string configuration = "/etc";

  // By the directive: "/var/lib" of "StateDirectory"; "" of any other.
  std::string of(std::string_view directive) const;
};

inline constexpr const char* directory_directives[] = {"RuntimeDirectory", "StateDirectory",
                                                       "CacheDirectory", "LogsDirectory",
                                                       "ConfigurationDirectory"};

// "StateDirectory" of itself and of StateDirectoryMode; "" of what is about no directory.
std::string directory_kind_of(const std::string& directive);

// "/var/lib/x" of StateDirectory=x.
std::vector<std::string> own_directories_of(const std::string& kind, const Settings& settings,
                                            const DirectoryParents& parents);
// Of all five.
std::vector<std::string> own_directories(const Settings& settings, const DirectoryParents& parents);

}  // namespace sandproof
