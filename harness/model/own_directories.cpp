#include "model/own_directories.h"

#include <algorithm>
#include <iterator>

namespace sandproof {

std::string DirectoryParents::of(std::string_view directive) const {
  if (directive == "RuntimeDirectory") return runtime;
  if (directive == "StateDirectory") return state;
  if (directive == "CacheDirectory") return cache;
  if (directive == "LogsDirectory") return logs;
  if (directive == "ConfigurationDirectory") return configuration;
  return {};
}

std::string directory_kind_of(const std::string& directive) {
  const auto* const found =
      std::find_if(std::begin(directory_directives), std::end(directory_directives),
                   [&directive](const char* kind) { return directive.starts_with(kind); });
  return found != std::end(directory_directives) ? *found : "";
}

std::vector<std::string> own_directories_of(const std::string& kind, const Settings& settings,
                                            const DirectoryParents& parents) {
  std::vector<std::string> paths;
  for (const auto& name : settings.texts(kind)) paths.push_back(parents.of(kind) + "/" + name);
  return paths;
}

std::vector<std::string> own_directories(const Settings& settings,
                                         const DirectoryParents& parents) {
  std::vector<std::string> paths;
  for (const char* kind : directory_directives) {
    for (auto& path : own_directories_of(kind, settings, parents)) {
      paths.push_back(std::move(path));
    }
  }
  return paths;
}

}  // namespace sandproof
