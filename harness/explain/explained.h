// What the live tests of explain share: a unit of the test's, explained on throwaways.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/text.h"
#include "explain/explain.h"

namespace sandproof::explain::testing_support {

using Sets = std::vector<std::vector<std::string>>;

constexpr const char* app_in_a_home = "mkdir -p /home/runner; cp /bin/sleep /home/runner/app";

inline Result<Explanation> explain_path(const std::string& path, double seconds,
                                        std::vector<std::string> before = {},
                                        std::string health = {}) {
  auto manager = boot_throwaway({});
  if (!manager) return manager.error();
  ExplainOptions options;
  options.start = on_throwaways("/");
  options.seconds = seconds;
  options.before = std::move(before);
  options.health = std::move(health);
  return explain_unit(**manager, path, options);
}

// A unit file, or a drop-in for a unit of this machine, for as long as this lives.
class Files {
 public:
  Files(const std::string& name, const std::string& text)
      : folder_(std::filesystem::temp_directory_path() / ("sandproof-" + random_name())),
        path_(folder_ / name) {
    std::filesystem::create_directories(path_.parent_path());
    std::ofstream(path_) << text;
  }
  ~Files() {
    std::error_code error;
    std::filesystem::remove_all(folder_, error);
  }
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;

  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path folder_;
  std::filesystem::path path_;
};

inline Result<Explanation> explain_service(const std::string& text, const std::string& before = {},
                                           double seconds = 1) {
  const Files files("app.service", "[Service]\n" + text);
  return explain_path(files.path(), seconds,
                      before.empty() ? std::vector<std::string>() : std::vector{before});
}

inline std::string all_of(const Explanation& explanation) {
  std::string text = join(explanation.because, "\n");
  for (const auto& evidence : explanation.evidence) text += "\n" + evidence.text;
  return text;
}

}  // namespace sandproof::explain::testing_support
