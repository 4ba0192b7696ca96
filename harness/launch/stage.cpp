#include "launch/stage.h"

#include <elf.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

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

// The folders of everyone that some directive has others in the place of.
std::vector<std::string> replaced_folders(const Settings& settings) {
  std::vector<std::string> folders;
  if (settings.boolean("PrivateTmp")) folders = {"/tmp", "/var/tmp"};
  const std::string home = settings.text("ProtectHome");
  if (home == "yes" || home == "tmpfs") folders.insert(folders.end(), {"/home", "/run/user"});
  return folders;
}

bool hides(const Settings& settings, const std::string& path) {
  return !settings.text("RootDirectory").empty() || !settings.text("RootImage").empty() ||
         any_above(replaced_folders(settings), path) ||
         any_above(temporary_file_systems(settings), path) ||
         any_above(settings.texts("InaccessiblePaths"), path);
}

bool forbids_execution(const Settings& settings, const std::string& path) {
  return any_above(settings.texts("NoExecPaths"), path);
}

// The first folder that is neither mounted noexec (as /run is on Debian) nor hidden by the unit.
std::string parent_folder(const Manager& manager, const Settings& settings) {
  const auto& files = manager.files();
  const auto& candidates = manager.folders().programs;
  const auto is_fit = [&](const std::string& folder) {
    return files.is_folder(folder) && files.is_executable_there(folder);
  };
  for (const auto& folder : candidates) {
    if (is_fit(folder) && !hides(settings, folder) && !forbids_execution(settings, folder)) {
      return folder;
    }
  }
  const auto fit = std::find_if(candidates.begin(), candidates.end(), is_fit);
  return fit != candidates.end() ? *fit : candidates.front();
}

Result<void> copy_program(const std::filesystem::path& from, const RootedFs& files,
                          const std::string& to) {
  const auto source = RootedFs::open(from.parent_path());
  if (!source) return source.error();
  const std::string name = from.filename().string();
  const auto content = source->read(name);
  if (!content) return content.error();
  return files.write_new(to + "/" + name, *content, 0755);
}

Result<void> copy_programs(const std::filesystem::path& from, const RootedFs& files,
                           const std::string& to) {
  std::error_code error;
  if (!std::filesystem::is_directory(from, error)) return copy_program(from, files, to);
  for (const auto& entry : std::filesystem::directory_iterator(from, error)) {
    const std::string name = entry.path().filename().string();
    // A build tree has other things beside the programs.
    if (!entry.is_regular_file(error) || name.find('.') != std::string::npos ||
        access(entry.path().c_str(), X_OK) < 0) {
      continue;
    }
    if (auto copied = copy_program(entry.path(), files, to); !copied) return copied;
  }
  return {};
}

// An ELF program of this machine's own kind without an interpreter: elf(5).
bool is_static(std::string_view program) {
  Elf64_Ehdr head{};
  if (program.size() < sizeof(head)) return false;
  std::memcpy(&head, program.data(), sizeof(head));
  if (std::memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 || head.e_ident[EI_CLASS] != ELFCLASS64) {
    return false;
  }
  for (std::size_t i = 0; i < head.e_phnum; ++i) {
    Elf64_Phdr segment{};
    const std::size_t at = head.e_phoff + i * sizeof(segment);
    if (at > program.size() || program.size() - at < sizeof(segment)) return false;
    std::memcpy(&segment, program.data() + at, sizeof(segment));
    if (segment.p_type == PT_INTERP) return false;
  }
  return true;
}

}  // namespace

std::filesystem::path static_shell_on_this_machine() {
  const auto root = RootedFs::open("/");
  for (const char* path : {"/bin/busybox", "/usr/bin/busybox"}) {
    if (!root || !root->exists(path)) continue;
    const auto content = root->read(path);
    if (content && is_static(*content)) return path;
  }
  return {};
}

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
                          const std::filesystem::path& programs) {
  Stage stage;
  stage.folder_ = parent_folder(manager, settings) + "/sandproof-" + random_name();
  if (!manager.is_disposable()) {
    auto janitor = Janitor::start();
    if (!janitor) return janitor.error();
    stage.janitor_.emplace(*std::move(janitor));
    if (auto told = stage.janitor_->will_remove(stage.folder_); !told) return told.error();
  }
  if (auto made = manager.files().make_folder(stage.folder_, 0755); !made) return made.error();
  if (auto copied = copy_programs(programs, manager.files(), stage.folder_); !copied) {
    return copied.error();
  }
  if (manager.is_disposable()) {
    if (auto made = stage.make_privileged(manager.files(), settings); !made) return made.error();
  }
  return stage;
}

Result<void> Stage::make_privileged(const RootedFs& files, const Settings& settings) {
  // No set-user-ID bit counts on /run, whose mount is nosuid.
  static constexpr std::array<const char*, 3> candidates = {"/var/lib", "/usr/local/lib", "/opt"};
  const auto* fit = std::find_if(candidates.begin(), candidates.end(), [&](const char* folder) {
    return files.is_folder(folder) && files.is_executable_there(folder) &&
           !hides(settings, folder) && !forbids_execution(settings, folder);
  });
  if (fit == candidates.end()) return {};
  const std::string folder = std::string(*fit) + "/sandproof-" + random_name();
  if (auto made = files.make_folder(folder, 0755); !made) return made;
  struct Program {
    const char* name;
    unsigned mode;
  };
  for (const auto& [name, mode] : {Program{"be-root", 04755}, Program{"hold-capability", 0755}}) {
    const auto content = files.read(folder_ + "/" + name);
    if (!content) return content.error();
    if (auto written = files.write_new(folder + "/" + name, *content, mode); !written) {
      return written;
    }
  }
  // <linux/capability.h>: struct vfs_cap_data of revision 2, little-endian, for
  // CAP_NET_BIND_SERVICE, permitted and effective.
  std::string capabilities(20, '\0');
  capabilities[0] = 1;
  capabilities[3] = 2;
  capabilities[5] = 1 << 2;
  if (auto set =
          files.set_attribute(folder + "/hold-capability", "security.capability", capabilities);
      !set) {
    return set;
  }
  privileged_folder_ = folder;
  return {};
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
