#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "guarantee/expect.h"
#include "guarantee/families.h"
#include "guarantee/path_doors.h"

namespace sandproof::guarantee {

namespace {

// What is put in the place of an inaccessible path: its mode is 0000, and there is nothing in it.
const Promised inaccessible = {denied(EACCES), absent(ENODATA), absent(ENOENT)};

// What ProtectSystem=strict leaves alone.
constexpr const char* left_writable[] = {"/dev", "/proc", "/sys", "/home", "/root", "/run/user"};

void add(Promise& promise, Expectation expectation) {
  promise.attempts.push_back(std::move(expectation));
}

// Lexically, which is how systemd sorts them once it has resolved their symbolic links.
bool is_at_or_below(std::string_view path, std::string_view folder) {
  if (folder == "/" || path == folder) return true;
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

bool is_below(std::string_view path, std::string_view folder) {
  return path != folder && is_at_or_below(path, folder);
}

// The paths of a directive that are there. "-" says that a path may be missing, "+" that it is
// looked for below RootDirectory=.
std::vector<std::string> paths_of(const Subject& subject, std::string_view directive) {
  std::vector<std::string> paths;
  for (std::string& path : subject.settings.texts(directive)) {
    path.erase(0, path.find_first_not_of("-+"));
    if (subject.exists(path)) paths.push_back(std::move(path));
  }
  return paths;
}

// A struct of BindPaths= or TemporaryFileSystem= has only texts that matter here.
std::string text_at(const Value& value, std::size_t index) {
  return value.is_container() && index < value.elements().size()
             ? to_string(value.elements()[index])
             : std::string();
}

// The texts at one place of each struct of a list.
std::vector<std::string> column(const Settings& settings, std::string_view name,
                                std::size_t index) {
  std::vector<std::string> texts;
  const Value* list = settings.find(name);
  if (list == nullptr || !list->is_container()) return texts;
  for (const Value& row : list->elements()) texts.push_back(text_at(row, index));
  return texts;
}

bool has_option(std::string_view options, std::string_view option) {
  while (!options.empty()) {
    const auto comma = std::min(options.find(','), options.size());
    if (options.substr(0, comma) == option) return true;
    options.remove_prefix(std::min(comma + 1, options.size()));
  }
  return false;
}

// What the unit mounts of its own, or opens for writing, beside the directive that is looked at.
// The entry with the longest path decides; where two have the same, systemd's namespace.c lets the
// stricter one win, so ReadWritePaths=/etc does nothing under ProtectSystem=full.
std::vector<std::string> paths_opened(const Settings& settings) {
  std::vector<std::string> opened;
  for (std::string& path : settings.texts("ReadWritePaths")) {
    path.erase(0, path.find_first_not_of("-+"));
    opened.push_back(std::move(path));
  }
  for (const char* directive : {"BindPaths", "BindReadOnlyPaths"}) {
    for (std::string& path : column(settings, directive, 1)) opened.push_back(std::move(path));
  }
  for (std::string& path : column(settings, "TemporaryFileSystem", 0)) {
    opened.push_back(std::move(path));
  }
  return opened;
}

// Whether `path`, which is protected since it is at or below `root`, is opened again on the way.
bool is_opened_again(const Settings& settings, std::string_view path, std::string_view root) {
  const auto opened = paths_opened(settings);
  return std::any_of(opened.begin(), opened.end(), [&](const std::string& other) {
    return is_below(other, root) && is_at_or_below(path, other);
  });
}

// That, and what systemd opens for the unit by other directives.
std::vector<std::string> all_paths_opened(const Subject& subject) {
  const auto& settings = subject.settings;
  auto opened = paths_opened(settings);
  for (auto& path : own_directories(settings, subject.parents)) opened.push_back(std::move(path));
  if (settings.boolean("PrivateTmp")) opened.insert(opened.end(), {"/tmp", "/var/tmp"});
  return opened;
}

bool has_mounts_below(const Subject& subject, std::string_view folder) {
  const auto opened = all_paths_opened(subject);
  return std::any_of(opened.begin(), opened.end(),
                     [&](const std::string& path) { return is_below(path, folder); });
}

// ExecPaths= and NoExecPaths= give a folder a mount of its own, which does not
// inherit the read-only flag of the one above: on 252, 257 and 262, NoExecPaths=/var makes
// /var writable under ProtectSystem=strict. No man page says so, and it breaks the promise.
void add_folders_that_lose_the_flag(Promise& promise, const Subject& subject,
                                    const std::string& folder) {
  for (const char* directive : {"ExecPaths", "NoExecPaths"}) {
    for (const std::string& path : paths_of(subject, directive)) {
      const auto opened = all_paths_opened(subject);
      const bool is_meant_to_be_open =
          std::any_of(opened.begin(), opened.end(), [&](const std::string& other) {
            return is_at_or_below(path, other) && is_below(other, folder);
          });
      const bool is_of_another_directive =
          folder == "/" &&
          std::any_of(std::begin(left_writable), std::end(left_writable),
                      [&](const char* left) { return is_at_or_below(path, left); });
      if (!is_below(path, folder) || is_meant_to_be_open || is_of_another_directive) continue;
      add(promise, must_be_denied({"fs-change", {path}}, {denied(EROFS)}));
    }
  }
}

Promise none_is_there() { return Promise::untestable("none of its paths is there"); }

// "The entire file system hierarchy … except for /dev/, /proc/ and /sys/", says systemd.exec(5);
// protect_system_strict_table in systemd's source leaves the homes to ProtectHome=.
void add_homes_that_stay_writable(Promise& promise, const Subject& subject) {
  for (const std::string folder : {"/home", "/root", "/run/user"}) {
    if (!subject.exists(folder) || is_opened_again(subject.settings, folder, "/")) continue;
    promise.limits.push_back(
        {{"fs-write", {folder}},
         "leaves " + folder +
             " writable, against its man page, where ProtectHome= does not shut it"});
  }
}

// Where anything asks for API file systems (MountAPIVFS=yes, ProtectKernelTunables=yes,
// ProtectProc=, …), apivfs_table in systemd's source gives /run a mount of its own, which does not
// inherit the read-only flag either: seen on 252, 257 and 262, and not on 247, whose table has
// none. In a root of its own, a unit has a /run of its own.
void add_run(Promise& promise, const Subject& subject) {
  const auto& settings = subject.settings;
  const bool has_own_root =
      !settings.text("RootDirectory").empty() || !settings.text("RootImage").empty();
  if (has_own_root || !subject.exists("/run") || is_opened_again(settings, "/run", "/")) return;
  auto write = must_be_denied({"fs-write", {"/run"}}, {denied(EROFS)});
  write.shut_by = "ReadOnlyPaths=/run";
  add(promise, std::move(write));
}

// The folders that are read-only by name, and "/" for all of the tree but /dev, /proc, /sys, /home,
// /root and /run/user. The same in 252 and 257 (namespace.c), but that a systemd built for a split
// /usr has /bin, /lib, … as well, which are links into /usr today.
Promise protect_system(const Subject& subject) {
  const std::string value = subject.settings.text("ProtectSystem");
  if (value.empty() || value == "no") return Promise::off();
  const bool strict = value == "strict";
  std::vector<std::string> folders = {"/usr", "/boot", "/efi"};
  if (value != "yes") folders.insert(folders.begin(), "/etc");
  if (strict) folders.insert(folders.end(), {"/", "/var"});
  // What everyone may write, where there is no root to show the others.
  const bool is_everyones = !subject.settings.boolean("PrivateTmp") && !subject.home.empty();
  if (strict && is_everyones) folders.emplace_back("/var/tmp");

  Promise promise;
  for (const std::string& folder : folders) {
    if (!subject.exists(folder)) continue;
    if (is_opened_again(subject.settings, folder, strict ? "/" : folder)) continue;
    add(promise, must_be_denied({"fs-write", {folder}}, {denied(EROFS)}));
  }
  if (promise.attempts.empty()) {
    return Promise::untestable("the unit opens all of its folders again");
  }
  const std::string first = promise.attempts.front().attempt.args.front();
  if (strict) {
    folders = {"/"};
    add_run(promise, subject);
    add_homes_that_stay_writable(promise, subject);
  }
  for (const std::string& folder : folders) {
    add_folders_that_lose_the_flag(promise, subject, folder);
  }
  add_write_doors(promise, subject, first);
  return promise;
}

// By tmpfs, the man pages of 252 and 257 alike promise temporary file systems "in read-only mode".
// They are writable, for anyone, on 247 and 252, which lose the flag (systemd issue 34825).
Promise protect_home(const Subject& subject) {
  const std::string value = subject.settings.text("ProtectHome");
  if (value.empty() || value == "no") return Promise::off();
  std::vector<std::string> folders = {"/home", "/root", "/run/user"};
  if (!subject.home.empty()) folders.insert(folders.begin(), subject.home);
  std::erase_if(folders, [&](const std::string& folder) { return !subject.exists(folder); });
  if (folders.empty()) return Promise::untestable("there are no home directories");

  Promise promise;
  if (value == "yes") {
    for (const std::string& folder : folders) {
      add(promise, must_be_denied({"fs-reach", {folder}}, inaccessible));
    }
    add_read_doors(promise, subject, folders.front());
    return promise;
  }
  for (const std::string& folder : folders) {
    add(promise, must_be_denied({"fs-write", {folder}}, {denied(EROFS)}));
  }
  if (value == "read-only") {
    add_write_doors(promise, subject, folders.front());
    return promise;
  }
  // The machine's own folder: ReadOnlyPaths= or ReadWritePaths= of the same path show it again.
  add_read_doors(promise, subject, folders.front());
  // What Debian puts into root's home, where the unit has not put it there again.
  for (const char* file : {"/root/.bashrc", "/root/.profile"}) {
    const auto binds = paths_opened(subject.settings);
    const bool is_bound = std::any_of(binds.begin(), binds.end(), [&](const std::string& path) {
      return is_at_or_below(path, "/root") && is_at_or_below(file, path);
    });
    if (is_bound || !subject.exists(file)) continue;
    add(promise, must_be_denied({"fs-read", {file}}, {absent(ENOENT)}));
    add_read_doors(promise, subject, file);
    break;
  }
  return promise;
}

Promise read_only_paths(const Subject& subject) {
  if (subject.settings.texts("ReadOnlyPaths").empty()) return Promise::off();
  Promise promise;
  const auto paths = paths_of(subject, "ReadOnlyPaths");
  for (const std::string& path : paths) {
    add(promise, must_be_denied({"fs-change", {path}}, {denied(EROFS)}));
    if (path == "/") add_run(promise, subject);
    add_folders_that_lose_the_flag(promise, subject, path);
  }
  if (paths.empty()) return none_is_there();
  add_write_doors(promise, subject, paths.front());
  return promise;
}

Promise read_write_paths(const Subject& subject) {
  if (subject.settings.texts("ReadWritePaths").empty()) return Promise::off();
  Promise promise;
  for (const std::string& path : paths_of(subject, "ReadWritePaths")) {
    add(promise, must_be_allowed({"fs-change", {path}}));
  }
  return promise.attempts.empty() ? none_is_there() : promise;
}

Promise inaccessible_paths(const Subject& subject) {
  if (subject.settings.texts("InaccessiblePaths").empty()) return Promise::off();
  Promise promise;
  const auto paths = paths_of(subject, "InaccessiblePaths");
  for (const std::string& path : paths) {
    add(promise, must_be_denied({"fs-reach", {path}}, inaccessible));
  }
  if (paths.empty()) return none_is_there();
  add_read_doors(promise, subject, paths.front());
  return promise;
}

// The folders to which other directives may give a mount of their own.
std::vector<std::string> folders_with_mounts(const Subject& subject) {
  auto folders = all_paths_opened(subject);
  for (std::string& path : paths_of(subject, "ReadOnlyPaths")) folders.push_back(std::move(path));
  for (const char* path : {"/run", "/dev/shm", "/home", "/etc"}) {
    if (subject.exists(path)) folders.emplace_back(path);
  }
  std::sort(folders.begin(), folders.end());
  folders.erase(std::unique(folders.begin(), folders.end()), folders.end());
  return folders;
}

// What has a mount of its own, for whichever reason, does not inherit the flag of the folder above
// it: under NoExecPaths=/ all that ReadWritePaths=, PrivateTmp= or StateDirectory= make writable
// can be executed, on 252, 257 and 262.
void add_folders_that_stay_executable(Promise& promise, const Subject& subject,
                                      const std::string& folder) {
  const auto no_exec = paths_of(subject, "NoExecPaths");
  const auto exec = paths_of(subject, "ExecPaths");
  for (const std::string& path : folders_with_mounts(subject)) {
    const bool is_named = std::find(no_exec.begin(), no_exec.end(), path) != no_exec.end();
    const bool may_be_executed =
        std::any_of(exec.begin(), exec.end(), [&](const std::string& other) {
          return is_at_or_below(path, other) && is_at_or_below(other, folder);
        });
    if (!is_below(path, folder) || is_named || may_be_executed) continue;
    add(promise, side_door("execution in " + path + ", a mount of its own", {"fs-execute", {path}},
                           {denied(EACCES)}, "NoExecPaths=" + path));
  }
}

Promise no_exec_paths(const Subject& subject) {
  if (subject.settings.texts("NoExecPaths").empty()) return Promise::off();
  Promise promise;
  const auto paths = paths_of(subject, "NoExecPaths");
  for (const std::string& path : paths) {
    add(promise, must_be_denied({"fs-execute", {path}}, {denied(EACCES)}));
  }
  for (const std::string& path : paths) add_folders_that_stay_executable(promise, subject, path);
  return promise.attempts.empty() ? none_is_there() : promise;
}

Promise exec_paths(const Subject& subject) {
  if (subject.settings.texts("ExecPaths").empty()) return Promise::off();
  Promise promise;
  for (const std::string& path : paths_of(subject, "ExecPaths")) {
    add(promise, must_be_allowed({"fs-execute", {path}}));
  }
  return promise.attempts.empty() ? none_is_there() : promise;
}

// /dev/shm stays everyone's, as systemd.exec(5) has it: that is no side door, but another promise.
Promise private_tmp(const Subject& subject) {
  if (!subject.settings.boolean("PrivateTmp")) return Promise::off();
  Promise promise;
  for (const std::string& file : {subject.bystander.tmp_file, subject.bystander.var_tmp_file}) {
    if (file.empty()) continue;
    add(promise, must_be_denied({"fs-read", {file}}, {absent(ENOENT)}));
  }
  if (promise.attempts.empty()) return Promise::untestable("there is no file of another in /tmp");
  const std::string first = promise.attempts.front().attempt.args.front();
  add_read_doors(promise, subject, first);
  return promise;
}

Promise private_mounts(const Subject& subject) {
  if (!subject.settings.boolean("PrivateMounts")) return Promise::off();
  const auto& namespaces = subject.bystander.namespaces;
  const auto mounts = namespaces.find("mnt");
  if (mounts == namespaces.end()) {
    return Promise::untestable("it is not known which mount namespace is everyone's");
  }
  return {{must_be_denied({"share-namespace", {"mnt", mounts->second}}, {denied(EXDEV)})}};
}

// What the unit puts into a temporary file system again is not hidden, so only a folder that stays
// empty shows that what was there is gone; in "/" and "/run" systemd mounts things of its own. It
// lets ReadOnlyPaths= and its like win over a temporary file system on the very same path:
// ProtectSystem=strict over TemporaryFileSystem=/.
Promise temporary_file_system(const Subject& subject) {
  const Value* list = subject.settings.find("TemporaryFileSystem");
  if (list == nullptr || !list->is_container() || list->elements().empty()) return Promise::off();
  Promise promise;
  for (const Value& row : list->elements()) {
    const std::string path = text_at(row, 0);
    if (!subject.exists(path)) continue;
    const bool is_systemds = path == "/" || path == "/run";
    if (!is_systemds && !has_mounts_below(subject, path)) {
      add(promise, must_be_denied({"fs-read", {path}}, {absent(ENODATA)}));
      add_read_doors(promise, subject, path);
    }
    if (has_option(text_at(row, 1), "ro")) {
      add(promise, must_be_denied({"fs-write", {path}}, {denied(EROFS)}));
    }
  }
  if (promise.attempts.empty()) {
    return Promise::untestable("there is more mounted below it, so it is not empty");
  }
  return promise;
}

Promise bind_paths(const Subject& subject) {
  const auto targets = column(subject.settings, "BindPaths", 1);
  if (targets.empty()) return Promise::off();
  Promise promise;
  for (const std::string& path : targets) add(promise, must_be_allowed({"fs-reach", {path}}));
  return promise;
}

Promise bind_read_only_paths(const Subject& subject) {
  const auto targets = column(subject.settings, "BindReadOnlyPaths", 1);
  if (targets.empty()) return Promise::off();
  Promise promise;
  for (const std::string& path : targets) {
    add(promise, must_be_allowed({"fs-reach", {path}}));
    if (!subject.exists(path)) continue;
    add(promise, must_be_denied({"fs-change", {path}}, {denied(EROFS)}));
  }
  return promise;
}

constexpr std::array table = {
    Guarantee{"BindPaths", bind_paths},
    Guarantee{"BindReadOnlyPaths", bind_read_only_paths},
    Guarantee{"ExecPaths", exec_paths},
    Guarantee{"InaccessiblePaths", inaccessible_paths},
    Guarantee{"NoExecPaths", no_exec_paths},
    Guarantee{"PrivateMounts", private_mounts},
    Guarantee{"PrivateTmp", private_tmp},
    Guarantee{"ProtectHome", protect_home},
    Guarantee{"ProtectSystem", protect_system},
    Guarantee{"ReadOnlyPaths", read_only_paths},
    Guarantee{"ReadWritePaths", read_write_paths},
    Guarantee{"TemporaryFileSystem", temporary_file_system},
};

}  // namespace

std::span<const Guarantee> path_guarantees() { return table; }

}  // namespace sandproof::guarantee
