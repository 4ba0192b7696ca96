#include "explain/suggest.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>
#include <set>
#include <string_view>

#include "base/text.h"

namespace sandproof::explain {

namespace {

// What a unit can do when the directive is gone, for people to weigh.
std::string loss_of(const std::string& directive) {
  static const std::map<std::string_view, std::string_view> losses = {
      {"AmbientCapabilities", "nothing: the program has fewer rights"},
      {"CapabilityBoundingSet", "the service may get any capability that its user can have"},
      {"DevicePolicy", "every device node can be opened that its mode allows"},
      {"DynamicUser", "the service runs as root unless User= names somebody"},
      {"InaccessiblePaths", "the service can reach these paths again"},
      {"LockPersonality", "the execution domain can be changed"},
      {"MemoryDenyWriteExecute",
       "memory can be written and then executed, which injected code needs, and a JIT compiler "
       "too"},
      {"NoExecPaths", "any file that is executable can be executed"},
      {"NoNewPrivileges", "setuid programs give the service their owner's rights"},
      {"PrivateDevices", "the machine's devices can be opened, as far as their modes allow"},
      {"PrivateIPC", "the service sees the machine's System V IPC objects"},
      {"PrivateNetwork", "the service has the machine's network"},
      {"PrivateTmp", "the service shares /tmp and /var/tmp with all others"},
      {"PrivateUsers", "the service sees the machine's users, and its capabilities count outside"},
      {"ProcSubset", "the service can read what the kernel says of the machine in /proc"},
      {"ProtectClock", "the clock can be set"},
      {"ProtectControlGroups", "the control groups can be written to"},
      {"ProtectHome", "the home folders can be read and written, as far as their modes allow"},
      {"ProtectHostname", "the host name can be changed"},
      {"ProtectKernelLogs", "the kernel's log can be read"},
      {"ProtectKernelModules", "kernel modules can be loaded"},
      {"ProtectKernelTunables", "kernel variables can be written"},
      {"ProtectProc", "the service sees other users' processes"},
      {"ProtectSystem", "the file system can be written, as far as the modes allow"},
      {"ReadOnlyPaths", "the service can write there, as far as the modes allow"},
      {"RestrictAddressFamilies", "sockets of every address family can be made"},
      {"RestrictNamespaces", "namespaces of every kind can be made"},
      {"RestrictRealtime", "real-time scheduling can be had"},
      {"RestrictSUIDSGID", "setuid and setgid files can be made"},
      {"RootDirectory", "the service sees the machine's whole file system"},
      {"SystemCallArchitectures", "system calls of other architectures can be made"},
      {"SystemCallFilter", "every system call can be made"},
      {"TemporaryFileSystem", "the service sees what the empty file system hid"},
      {"User", "the service runs as root"}};
  const auto found = losses.find(directive);
  if (found != losses.end()) return std::string(found->second);
  return (is_grant(directive) ? "what the service gets by " : "what is kept from the service by ") +
         directive + "=";
}

std::string parent_of(const std::string& path) {
  return std::filesystem::path(path).parent_path().string();
}

bool is_below(const std::string& path, std::string_view folder) {
  return path == folder || path.starts_with(std::string(folder) + "/");
}

bool is_in_a_home(const std::string& path) {
  return is_below(path, "/home") || is_below(path, "/root") || is_below(path, "/run/user");
}

std::vector<std::string> objects_refused(const Failure& failure, const std::set<int>& errors,
                                         const std::string& below) {
  std::vector<std::string> objects;
  for (const auto& call : failure.refused) {
    if (call.object.starts_with(below) && (errors.empty() || errors.contains(call.error)) &&
        std::find(objects.begin(), objects.end(), call.object) == objects.end()) {
      objects.push_back(call.object);
    }
  }
  return objects;
}

std::string without_prefixes(const std::string& element) {
  return element.substr(std::min(element.find_first_not_of("-+"), element.size()));
}

bool is_element(const std::string& word, const std::vector<std::string>& elements) {
  return std::find(elements.begin(), elements.end(), word) != elements.end() ||
         (word.starts_with('~') &&
          std::find(elements.begin(), elements.end(), word.substr(1)) != elements.end());
}

// Each line of the list by `change`, which answers the words that it keeps; ~ is the line's.
template <typename Function>
std::vector<std::string> rebuilt(const UnitText& text, const std::string& directive,
                                 const Function& change) {
  std::vector<std::string> lines = {directive + "="};
  for (const auto& line : text.in_force(directive)) {
    std::string value(trim(line.assignment.value));
    const bool is_inverted = value.starts_with('~');
    if (is_inverted) value.erase(0, 1);
    std::vector<std::string> kept;
    for (const auto& word : words(value)) {
      if (auto changed = change(word); !changed.empty()) kept.push_back(std::move(changed));
    }
    if (!kept.empty()) {
      lines.push_back(directive + "=" + (is_inverted ? "~" : "") + join(kept, " "));
    }
  }
  return lines;
}

Change assignment(const std::string& line, std::string says, std::string gives_up) {
  return {{line}, {}, std::move(says), std::move(gives_up), false};
}

void add_home_changes(const Failure& failure, std::vector<Change>& changes) {
  std::set<std::string> folders;
  const auto add = [&](const std::string& path) {
    if (is_in_a_home(path)) folders.insert(parent_of(path));
  };
  add(failure.trial.program);
  for (const auto& call : failure.refused) add(call.object);
  for (const auto& folder : folders) {
    if (folder == "/home" || folder == "/") continue;
    changes.push_back({{"ProtectHome=tmpfs", "BindReadOnlyPaths=" + folder},
                       {},
                       "only " + folder + " of the home folders, read-only",
                       "the service can read " + folder,
                       false});
  }
  changes.push_back(assignment("ProtectHome=read-only", "ProtectHome=read-only",
                               "reads of home folders become possible"));
}

void add_writable_paths(const Failure& failure, std::vector<Change>& changes) {
  const auto objects = objects_refused(failure, {EROFS}, "/");
  if (objects.empty()) return;
  std::set<std::string> folders;
  for (const auto& object : objects) folders.insert(parent_of(object));
  const auto add = [&](const std::string& paths) {
    changes.push_back(assignment("ReadWritePaths=" + paths, "ReadWritePaths=" + paths,
                                 "the service can write to " + paths));
  };
  add(objects.front());
  if (objects.size() > 1) add(join(objects, " "));
  folders.erase("/");
  if (!folders.empty()) add(join({folders.begin(), folders.end()}, " "));
}

// What systemd cannot mount on may be missing, or be made.
void add_missing_path_changes(const std::string& directive, const UnitText& text,
                              const Failure& failure, std::vector<Change>& changes) {
  static constexpr std::string_view forgiving[] = {
      "BindPaths",   "BindReadOnlyPaths", "ExecPaths",     "InaccessiblePaths",
      "NoExecPaths", "ReadOnlyPaths",     "ReadWritePaths"};
  if (failure.missing_path.empty() ||
      std::find(std::begin(forgiving), std::end(forgiving), directive) == std::end(forgiving)) {
    return;
  }
  std::vector<std::string> missing;
  for (const auto& word : text.words_of(directive)) {
    const auto path = without_prefixes(word);
    if (path.substr(0, path.find(':')) == failure.missing_path) missing.push_back(word);
  }
  if (missing.empty()) return;
  changes.push_back({lines_with_dash(text, directive, missing),
                     {},
                     "a - before " + failure.missing_path + ", so that it may be missing",
                     "made later, " + failure.missing_path + " is not covered by " + directive +
                         "= until the next start",
                     false});
}

void add_filter_changes(const std::vector<std::string>& elements, std::vector<Change>& changes) {
  if (elements.empty()) return;
  const std::string calls = join(elements, " ");
  changes.push_back(assignment("SystemCallFilter=" + calls, "SystemCallFilter=" + calls,
                               (calls.starts_with('@') ? "the calls of "
                                : elements.size() == 1 ? "the call "
                                                       : "the calls ") +
                                   join(elements, ", ") + " can be made"));
}

void add_device_changes(const std::string& directive, const Failure& failure,
                        std::vector<Change>& changes) {
  for (const auto& device : objects_refused(failure, {}, "/dev/")) {
    Change change{{"DeviceAllow=" + device + " rw"},
                  {},
                  "only " + device + " of the devices",
                  "the service can use " + device,
                  false};
    if (directive == "PrivateDevices") change.lines.push_back("BindPaths=" + device);
    changes.push_back(std::move(change));
  }
}

void add_binds(const Failure& failure, const std::string& below, std::vector<Change>& changes) {
  for (const auto& path : objects_refused(failure, {ENOENT, EACCES, EROFS}, below)) {
    changes.push_back(assignment("BindReadOnlyPaths=" + path, "BindReadOnlyPaths=" + path,
                                 "the service can read " + path));
    changes.push_back(
        assignment("BindPaths=" + path, "BindPaths=" + path, "the service can write " + path));
  }
}

void add_executable_paths(const Failure& failure, std::vector<Change>& changes) {
  std::set<std::string> folders;
  for (const auto& program : failure.trace.programs) {
    for (const auto& walk : program) {
      if (walk.end == PathEnd::no_exec_mount) folders.insert(parent_of(walk.at));
    }
  }
  if (folders.empty()) folders.insert("/usr/lib");
  const auto add = [&] {
    const std::string paths = join({folders.begin(), folders.end()}, " ");
    changes.push_back(assignment("ExecPaths=" + paths, "ExecPaths=" + paths,
                                 "what lies in " + paths + " can be executed"));
  };
  add();
  // Libraries are executed, too: mapped with PROT_EXEC.
  for (const char* more : {"/usr/lib", "/usr/bin"}) {
    if (folders.insert(more).second) add();
  }
}

}  // namespace

std::vector<std::string> lines_without(const UnitText& text, const std::string& directive,
                                       const std::vector<std::string>& elements) {
  return rebuilt(text, directive, [&](const std::string& word) {
    return is_element(word, elements) ? std::string() : word;
  });
}

std::vector<std::string> lines_with_dash(const UnitText& text, const std::string& directive,
                                         const std::vector<std::string>& elements) {
  return rebuilt(text, directive, [&](const std::string& word) {
    return is_element(word, elements) && !word.starts_with('-') ? "-" + word : word;
  });
}

Change reset_change(const std::vector<std::string>& directives, const UnitText& text) {
  Change change;
  change.is_reset = true;
  std::vector<std::string> losses;
  for (const auto& directive : directives) {
    change.lines.push_back(reset_line(directive));
    losses.push_back(loss_of(directive));
  }
  std::vector<std::string> names;
  for (const auto& directive : directives) {
    names.push_back(directive + "=" + text.value_of(directive));
  }
  change.says = "without " + join(names, " and ");
  change.gives_up = join(losses, "; ");
  return change;
}

std::vector<Change> changes_for(const std::string& directive, const UnitText& text,
                                const Failure& failure, const std::vector<std::string>& elements) {
  std::vector<Change> changes;
  add_missing_path_changes(directive, text, failure, changes);
  if (directive == "ProtectHome") add_home_changes(failure, changes);
  if ((directive == "User" || directive == "DynamicUser") && failure.trial.step == "EXEC" &&
      is_in_a_home(failure.trial.program)) {
    add_home_changes(failure, changes);
  }
  if (directive == "ProtectSystem") {
    add_writable_paths(failure, changes);
    for (const char* value : {"full", "yes"}) {
      if (text.value_of(directive) == value) continue;
      const std::string line = directive + "=" + value;
      changes.push_back(assignment(line, line + " instead of " + text.value_of(directive),
                                   "more of the file system can be written"));
    }
  }
  if (directive == "ReadOnlyPaths" || directive == "ProtectKernelTunables" ||
      directive == "ProtectControlGroups") {
    add_writable_paths(failure, changes);
  }
  if (directive == "SystemCallFilter") add_filter_changes(elements, changes);
  if (directive == "RestrictAddressFamilies" || directive == "CapabilityBoundingSet") {
    if (!elements.empty() && !elements.front().starts_with('~')) {
      const std::string line = directive + "=" + join(elements, " ");
      changes.push_back(assignment(line, line, "the service gets " + join(elements, ", ")));
    }
  } else if (directive != "SystemCallFilter" && !elements.empty() && is_list(directive) &&
             elements.size() < text.words_of(directive).size()) {
    changes.push_back({lines_without(text, directive, elements),
                       {},
                       directive + "= without " + join(elements, " "),
                       loss_of(directive) + " (of " + join(elements, ", ") + " only)",
                       false});
  }
  if (directive == "PrivateDevices" || directive == "DevicePolicy" || directive == "DeviceAllow") {
    add_device_changes(directive, failure, changes);
  }
  if (directive == "PrivateTmp") {
    add_binds(failure, "/tmp/", changes);
    add_binds(failure, "/var/tmp/", changes);
  }
  if (directive == "TemporaryFileSystem") add_binds(failure, "/", changes);
  if (directive == "NoExecPaths") add_executable_paths(failure, changes);
  if (directive == "WorkingDirectory") {
    const std::string line = "WorkingDirectory=-" + text.value_of(directive);
    changes.push_back(assignment(line, line, "without the folder, the service starts in /"));
  }
  changes.push_back(reset_change({directive}, text));
  return changes;
}

std::vector<Change> changes_of_the_machine(const UnitText& text, const Failure& failure) {
  std::vector<Change> changes;
  const auto& trial = failure.trial;
  const auto add = [&changes](const std::string& command, std::string says) {
    changes.push_back({{}, {command}, std::move(says), {}, false});
  };
  const std::string user = text.value_of("User");
  const std::string group = text.value_of("Group");
  if (trial.step == "USER" && !user.empty()) {
    add("useradd --system --user-group --no-create-home --shell /usr/sbin/nologin " +
            shell_quote(user),
        "make the user " + user);
  }
  if (trial.step == "GROUP" || trial.step == "USER") {
    std::vector<std::string> groups = text.words_of("SupplementaryGroups");
    if (!group.empty()) groups.insert(groups.begin(), group);
    for (const auto& name : groups) {
      add("groupadd --system " + shell_quote(name), "make the group " + name);
    }
  }
  if (!failure.missing_path.empty()) {
    add("mkdir -p " + shell_quote(failure.missing_path), "make " + failure.missing_path);
  }
  if (trial.step == "CHDIR") {
    add("mkdir -p " + shell_quote(text.value_of("WorkingDirectory")),
        "make " + text.value_of("WorkingDirectory"));
  }
  const bool is_out_of_reach =
      trial.step == "EXEC" &&
      std::any_of(failure.trace.programs.begin(), failure.trace.programs.end(),
                  [&](const std::vector<Walk>& walks) {
                    return walks.front().path == trial.program &&
                           (walks.front().end == PathEnd::not_traversable ||
                            walks.front().end == PathEnd::missing);
                  });
  if (is_out_of_reach) {
    const auto name = std::filesystem::path(trial.program).filename().string();
    const std::string target = "/usr/local/bin/" + name;
    Change change{{},
                  {"install -m 755 " + shell_quote(trial.program) + " " + target},
                  "the program in " + parent_of(target) + ", where every user reaches it",
                  {},
                  false};
    // The same command line, with prefixes and arguments.
    for (const auto& line : text.lines()) {
      const auto& value = line.assignment.value;
      const auto at = value.find(trial.program);
      if (line.assignment.section != "Service" || line.assignment.name != "ExecStart" ||
          at == std::string::npos) {
        continue;
      }
      change.lines = {"ExecStart=", "ExecStart=" + value.substr(0, at) + target +
                                        value.substr(at + trial.program.size())};
    }
    if (!change.lines.empty()) changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace sandproof::explain
