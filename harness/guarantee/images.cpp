#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "guarantee/expect.h"
#include "guarantee/families.h"

namespace sandproof::guarantee {

namespace {

constexpr std::array known_files = {"/etc/passwd", "/etc/hostname", "/etc/debian_version",
                                    "/etc/os-release", "/usr/bin/env"};

bool is_at_or_below(const std::string& path, const std::string& folder) {
  return path == folder || folder == "/" || path.starts_with(folder + "/");
}

// What is bound into the new root, from wherever.
std::vector<std::string> bound(const Settings& settings) {
  std::vector<std::string> targets;
  for (const char* directive : {"BindPaths", "BindReadOnlyPaths"}) {
    const Value* list = settings.find(directive);
    if (list == nullptr || !list->is_container()) continue;
    for (const Value& entry : list->elements()) {
      if (entry.is_container() && entry.elements().size() > 1) {
        targets.push_back(to_string(entry.elements()[1]));
      }
    }
  }
  return targets;
}

// The files of the machine that are not in it, and a way to them by a process that has another
// root.
Promise root_directory(const Subject& subject) {
  const std::string root = subject.settings.text("RootDirectory");
  if (root.empty() || root == "/") return Promise::off();
  const auto targets = bound(subject.settings);
  Promise promise;
  for (const std::string file : known_files) {
    const bool is_bound =
        std::any_of(targets.begin(), targets.end(),
                    [&file](const std::string& target) { return is_at_or_below(file, target); });
    if (is_bound || !subject.exists(file) || subject.exists(root + file)) continue;
    promise.attempts.push_back(must_be_denied({"fs-read", {file}}, {absent(ENOENT)}));
  }
  if (promise.attempts.empty()) {
    return Promise::untestable("it has each of the files that are looked for");
  }
  if (subject.outside_pid() != 0) {
    const std::string outside = "/proc/" + std::to_string(subject.outside_pid()) + "/root";
    promise.attempts.push_back(
        side_door("the root of a process outside",
                  {"fs-read", {outside + promise.attempts.front().attempt.args.front()}},
                  {denied(EACCES), absent(ENOENT)}, "CapabilityBoundingSet=~CAP_SYS_PTRACE"));
  }
  return promise;
}

constexpr std::string_view unknown_image = "what is in the image is not known outside of it";
constexpr std::string_view of_an_image = "it says how an image is trusted and mounted";
constexpr std::string_view adds_files = "it adds files and takes none away";

constexpr std::array table = {
    Guarantee{"ExtensionDirectories", nullptr, adds_files},
    Guarantee{"ExtensionImagePolicy", nullptr, of_an_image},
    Guarantee{"ExtensionImages", nullptr, adds_files},
    Guarantee{"MountImagePolicy", nullptr, of_an_image},
    Guarantee{"MountImages", nullptr, adds_files},
    Guarantee{"RootDirectory", root_directory},
    Guarantee{"RootEphemeral", nullptr,
              "the root that it copies shows only after the unit is gone"},
    Guarantee{"RootHash", nullptr, of_an_image},
    Guarantee{"RootHashSignature", nullptr, of_an_image},
    Guarantee{"RootImage", nullptr, unknown_image},
    Guarantee{"RootImageOptions", nullptr, of_an_image},
    Guarantee{"RootImagePolicy", nullptr, of_an_image},
    Guarantee{"RootMStack", nullptr, unknown_image},
    Guarantee{"RootVerity", nullptr, of_an_image},
};

}  // namespace

std::span<const Guarantee> image_guarantees() { return table; }

}  // namespace sandproof::guarantee
