#include "model/own_directories.h"

namespace sandproof {

std::string DirectoryParents::of(std::string_view directive) const {
  if (directive == "RuntimeDirectory") return runtime;
  if (directive == "StateDirectory") return state;
  if (directive == "CacheDirectory") return cache;
  if (directive == "LogsDirectory") return logs;
  if (directive == "ConfigurationDirectory") return configuration;
  return {};
}

std::vector<std::string> own_directories(const Settings& settings,
                                         const DirectoryParents& parents) {
  std::vector<std::string> paths;
  for (const char* directive : directory_directives) {
    for (const auto& name : settings.texts(directive)) {
      paths.push_back(parents.of(directive) + "/" + name);
    }
  }
  return paths;
}

}  // namespace sandproof
