#include "launch/stage.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/names.h"
#include "base/random.h"
#include "base/rooted.h"

namespace sandproof::launch {

namespace {

bool is_below(const std::string& path, const std::string& folder) {
  return folder == "/" || path == folder || path.starts_with(folder + "/");
}

// A path of a setting without its "-" and "+" prefixes.
std::string bare_path(std::string path) {
  path.erase(0, path.find_first_not_of("-+"));
  return path;
}

bool any_above(const std::vector<std::string>& folders, const std::string& path) {
  return std::any_of(folders.begin(), folders.end(), [&path](const std::string& folder) {
    return is_below(path, bare_path(folder));
  });
}

std::vector<std::string> temporary_file_systems(const Settings& settings) {
  std::vector<std::string> paths;
  const Value* list = settings.find("TemporaryFileSystem");
  if (list == nullptr || !list->is_container()) return paths;
  for (const auto& entry : list->elements()) paths.push_back(to_string(entry.elements().at(0)));
  return paths;
}

bool hides(const Settings& settings, const std::string& path) {
  return !settings.text("RootDirectory").empty() || !settings.text("RootImage").empty() ||
         any_above(temporary_file_systems(settings), path) ||
         any_above(settings.texts("InaccessiblePaths"), path);
}

bool forbids_execution(const Settings& settings, const std::string& path) {
  return any_above(settings.texts("NoExecPaths"), path);
}

// The first folder that is neither mounted noexec (as /run is on Debian) nor hidden by the unit.
std::string parent_folder(const RootedFs& files, const Settings& settings) {
  static constexpr std::array<const char*, 4> candidates = {"/run", "/var/lib", "/usr/local/lib",
                                                            "/opt"};
  const auto is_fit = [&](const char* folder) {
    return files.is_folder(folder) && files.is_executable_there(folder);
  };
  for (const char* folder : candidates) {
    if (is_fit(folder) && !hides(settings, folder) && !forbids_execution(settings, folder)) {
      return folder;
    }
  }
  const auto* fit = std::find_if(candidates.begin(), candidates.end(), is_fit);
  return fit != candidates.end() ? *fit : "/run";
}

Result<void> copy_programs(const std::filesystem::path& from, const RootedFs& files,
                           const std::string& to) {
  auto source = RootedFs::open(from);
  if (!source) return source.error();
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(from, error)) {
    const std::string name = entry.path().filename().string();
    // A build tree has other things beside the programs.
    if (!entry.is_regular_file(error) || name.find('.') != std::string::npos ||
        access(entry.path().c_str(), X_OK) < 0) {
      continue;
    }
    const auto content = source->read(name);
    if (!content) return content.error();
    if (auto written = files.write_new(to + "/" + name, *content, 0755); !written) return written;
  }
  return {};
}

}  // namespace

Result<std::filesystem::path> probes_on_this_machine() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto folder = program.parent_path();
  for (const auto& candidate :
       {folder / "probes", folder.parent_path() / "libexec" / "sandproof"}) {
    if (std::filesystem::exists(candidate / "runner", error)) return candidate;
  }
  return cannot_run("cannot find the probes: neither " + (folder / "probes").string() + " nor " +
                    (folder.parent_path() / "libexec/sandproof").string() + " has them");
}

Result<Stage> Stage::make(Manager& manager, const Settings& settings,
                          const std::filesystem::path& probes) {
  Stage stage;
  stage.folder_ = parent_folder(manager.files(), settings) + "/sandproof-" + random_name();
  if (!manager.is_disposable()) {
    auto janitor = Janitor::start();
    if (!janitor) return janitor.error();
    stage.janitor_.emplace(*std::move(janitor));
    if (auto told = stage.janitor_->will_remove(stage.folder_); !told) return told.error();
  }
  if (auto made = manager.files().make_folder(stage.folder_, 0755); !made) return made.error();
  if (auto copied = copy_programs(probes, manager.files(), stage.folder_); !copied) {
    return copied.error();
  }
  return stage;
}

std::vector<bus::Property> Stage::additions(const Settings& settings) const {
  std::vector<bus::Property> result;
  if (hides(settings, folder_)) {
    constexpr std::uint64_t recursive = 16384;  // MS_REC
    const Value bind{"(ssbt)",
                     std::vector<Value>{Value::text(folder_), Value::text(folder_),
                                        Value::boolean(false), Value::unsigned_64(recursive)}};
    result.push_back({"BindReadOnlyPaths", {"a(ssbt)", std::vector<Value>{bind}}});
  }
  if (forbids_execution(settings, folder_)) {
    result.push_back({"ExecPaths", Value::texts({folder_})});
  }
  return result;
}

std::vector<std::string> describe(const std::vector<bus::Property>& additions) {
  std::vector<std::string> lines;
  for (const auto& addition : additions) {
    const Value& first = addition.value.elements().at(0);
    lines.push_back(addition.name + "=" +
                    to_string(first.is_container() ? first.elements().at(0) : first));
  }
  return lines;
}

}  // namespace sandproof::launch
