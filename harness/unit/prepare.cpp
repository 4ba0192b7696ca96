#include "unit/prepare.h"

#include <grp.h>
#include <pwd.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/program.h"
#include "base/random.h"
#include "base/text.h"

namespace sandproof {

namespace {

// Lists of paths that have to be there; "-" before one of them lifts that: systemd.exec(5).
constexpr const char* path_lists[] = {"ReadWritePaths", "ReadOnlyPaths", "ExecPaths",
                                      "InaccessiblePaths", "NoExecPaths"};
// Lists of sources and destinations, of which the sources have to be there.
constexpr const char* bind_lists[] = {"BindPaths", "BindReadOnlyPaths"};

struct Account {
  std::string database;  // "/etc/passwd"
  std::string kind;      // "user"
  std::string name;
};

enum class PathKind { folder, file, secret };

struct Path {
  std::string path;
  std::string directive;
  PathKind kind = PathKind::folder;
  std::string owner = "root";
  std::string group = "root";
  std::string mode = "0755";
};

bool is_number(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

bool is_on_this_machine(const Account& account) {
  return account.kind == "user" ? getpwnam(account.name.c_str()) != nullptr
                                : getgrnam(account.name.c_str()) != nullptr;
}

bool has_account(const Manager& manager, const Account& account) {
  // A host may have its users elsewhere than in files: in LDAP, in systemd-homed.
  if (!manager.is_disposable()) return is_on_this_machine(account);
  const auto database = manager.files().read(account.database);
  if (!database) return false;
  const auto lines = split(*database, '\n');
  return std::any_of(lines.begin(), lines.end(),
                     [&](const auto& line) { return line.starts_with(account.name + ":"); });
}

Account user_account(const std::string& name) { return {"/etc/passwd", "user", name}; }
Account group_account(const std::string& name) { return {"/etc/group", "group", name}; }

std::vector<Account> missing_accounts(const Manager& manager, const Unit& unit) {
  std::vector<Account> wanted;
  const std::string user = unit.user();
  const std::string group = unit.settings.text("Group");
  // systemd makes a dynamic user and its group itself.
  if (!unit.dynamic_user()) {
    if (!user.empty()) wanted.push_back(user_account(user));
    if (!group.empty()) wanted.push_back(group_account(group));
  }
  for (const auto& name : unit.settings.texts("SupplementaryGroups")) {
    wanted.push_back(group_account(name));
  }
  std::vector<Account> missing;
  std::set<std::string> seen;
  for (auto& account : wanted) {
    const bool is_new = seen.insert(account.kind + " " + account.name).second;
    if (is_new && !is_number(account.name) && !has_account(manager, account)) {
      missing.push_back(std::move(account));
    }
  }
  // A user is made with a group of its name.
  const bool lacks_user = !missing.empty() && missing.front().kind == "user";
  if (lacks_user) {
    std::erase_if(missing, [&](const auto& account) {
      return account.kind == "group" && account.name == user;
    });
  }
  return missing;
}

// sysusers.d(5).
std::string sysusers_lines(const std::vector<Account>& missing, const Unit& unit) {
  const std::string group = unit.settings.text("Group");
  std::string groups;
  std::string users;
  for (const auto& account : missing) {
    if (account.kind == "group") {
      groups += "g " + account.name + " -\n";
      continue;
    }
    const bool has_other_group = !group.empty() && group != account.name && !is_number(group);
    users += "u " + account.name + " " + (has_other_group ? "-:" + group : "-") + "\n";
  }
  return groups + users;
}

// A name with an extension (settings.json, but not conf.d or app-1.2), or the name of one secret
// (cloudflare_tunnel_token, but not secrets), stands for a file.
bool looks_like_a_file(const std::filesystem::path& path) {
  const std::string extension = path.extension().string();
  if (extension.size() > 1 && extension != ".d" && !is_number(extension.substr(1))) return true;
  const std::string name = path.filename().string();
  return name.ends_with("token") || name.ends_with("secret") || name.ends_with("password") ||
         name.ends_with("credential");
}

class Needs {
 public:
  Needs(const Manager& manager, const Unit& unit) : manager_(manager), unit_(unit) {}

  std::vector<Path> missing() {
    for (const char* directive : path_lists) {
      for (const auto& entry : unit_.settings.texts(directive)) add_entry(entry, directive);
    }
    for (const char* directive : bind_lists) {
      const Value* list = unit_.settings.find(directive);
      if (list == nullptr || !list->is_container()) continue;
      for (const auto& bind : list->elements()) {
        // Source, destination, whether the source may be absent, flags.
        const auto& parts = bind.elements();
        if (to_string(parts.at(2)) == "no") add(to_string(parts.at(0)), directive);
      }
    }
    add_credentials();
    add_entry(working_directory(), "WorkingDirectory");
    return std::move(missing_);
  }

 private:
  std::string user() const {
    // systemd hands over what a dynamic user owns.
    return unit_.user().empty() || unit_.dynamic_user() ? "root" : unit_.user();
  }
  std::string group() const {
    if (user() == "root") return "root";
    const std::string group = unit_.settings.text("Group");
    if (!group.empty()) return group;
    // That of the user of a user manager may have another name.
    const bool is_known = !is_of_a_user_manager() || has_account(manager_, group_account(user()));
    return is_known ? user() : "root";
  }

  // "!" marks a path that may be absent here, "-" one elsewhere; "~" is the user's home.
  std::string working_directory() const {
    const std::string path = unit_.settings.text("WorkingDirectory");
    return path.starts_with('/') ? path : "";
  }

  void add_entry(std::string entry, const std::string& directive) {
    if (entry.starts_with('-')) return;
    // Below the unit's own root, if it has one.
    if (entry.starts_with('+')) {
      entry = unit_.settings.text("RootDirectory") + entry.substr(1);
    }
    add(entry, directive);
  }

  // Whether systemd makes it: the path is the unit's StateDirectory= or the like.
  bool is_own_folder(const std::string& path) const {
    const auto own = own_directories(unit_.settings, manager_.folders().directories);
    return std::find(own.begin(), own.end(), path) != own.end();
  }

  void add(const std::string& path, const std::string& directive) {
    if (!path.starts_with('/') || manager_.files().exists(path)) return;
    // systemd makes the unit's own directories, and is to be seen doing it; on a host no clone
    // does.
    if (manager_.is_disposable() && is_own_folder(path)) return;
    Path needed{path, directive};
    if (looks_like_a_file(path)) {
      needed.kind = PathKind::file;
      needed.mode = "0640";
    }
    if (directive == "ReadWritePaths" || directive == "WorkingDirectory" ||
        needed.kind == PathKind::file || is_of_a_user_manager()) {
      needed.owner = user();
      needed.group = group();
    }
    if (is_of_a_user_manager()) add_missing_parents(needed);
    add(std::move(needed));
  }

  bool is_of_a_user_manager() const { return !unit_.manager_user.empty(); }

  // In the user's own home, where systemd-tmpfiles(8) goes through nothing that is another's.
  void add_missing_parents(const Path& path) {
    std::vector<std::string> parents;
    for (std::filesystem::path parent = std::filesystem::path(path.path).parent_path();
         !manager_.files().exists(parent.string()); parent = parent.parent_path()) {
      parents.push_back(parent.string());
    }
    for (auto parent = parents.rbegin(); parent != parents.rend(); ++parent) {
      add(Path{*parent, path.directive, PathKind::folder, path.owner, path.group});
    }
  }

  void add_credentials() {
    const Value* list = unit_.settings.find("LoadCredential");
    if (list == nullptr || !list->is_container()) return;
    // systemd has them in no order.
    std::set<std::string> sources;
    for (const auto& credential : list->elements()) {
      sources.insert(to_string(credential.elements().at(1)));
    }
    for (const auto& path : sources) {
      // A relative path names a credential that systemd itself was given.
      if (!path.starts_with('/') || manager_.files().exists(path)) continue;
      add(Path{path, "LoadCredential", PathKind::secret, "root", "root", "0600"});
    }
  }

  void add(Path path) {
    const bool is_there = std::any_of(missing_.begin(), missing_.end(),
                                      [&](const auto& other) { return other.path == path.path; });
    if (!is_there) missing_.push_back(std::move(path));
  }

  const Manager& manager_;
  const Unit& unit_;
  std::vector<Path> missing_;
};

// tmpfiles.d(5): quoted, and with its specifiers escaped.
std::string tmpfiles_quoted(const std::string& path) {
  std::string text = "\"";
  for (const char c : path) {
    if (c == '"' || c == '\\') text += '\\';
    if (c == '%') text += '%';
    text += c;
  }
  return text + "\"";
}

std::string tmpfiles_line(const Path& path) {
  const std::string facts =
      tmpfiles_quoted(path.path) + " " + path.mode + " " + path.owner + " " + path.group + " - ";
  switch (path.kind) {
    case PathKind::folder:
      return "d " + facts + "-\n";
    case PathKind::file:
      return "f " + facts + "-\n";
    case PathKind::secret:
      return "f " + facts + "sandproof\\n\n";
  }
  return {};
}

Error missing_on_host(const std::vector<Account>& accounts, const std::vector<Path>& paths) {
  std::vector<std::string> complaints;
  complaints.reserve(accounts.size() + paths.size());
  for (const auto& account : accounts) {
    complaints.push_back(account.kind + " " + account.name +
                         " does not exist; create it (systemd-sysusers)");
  }
  for (const auto& path : paths) {
    complaints.push_back(path.path + " of " + path.directive + "= does not exist; create it");
  }
  return cannot_run(join(complaints, ", ") + " or use --manager throwaway");
}

}  // namespace

Result<std::vector<std::string>> prepare(Manager& manager, const Unit& unit) {
  const auto accounts = missing_accounts(manager, unit);
  const auto paths = Needs(manager, unit).missing();
  std::vector<std::string> made;
  if (accounts.empty() && paths.empty()) return made;
  if (!manager.is_disposable()) {
    return missing_on_host(accounts, paths).with_prefix("cannot start " + unit.name);
  }
  const std::string root = "--root=" + manager.files().name().string();
  if (!accounts.empty()) {
    for (const auto& account : accounts) made.push_back(account.kind + " " + account.name);
    const auto done = run_program("systemd-sysusers", {root, "-"}, sysusers_lines(accounts, unit));
    if (!done) return done.error().with_prefix("cannot make " + join(made, ", "));
  }
  if (!paths.empty()) {
    std::string lines;
    for (const auto& path : paths) {
      lines += tmpfiles_line(path);
      made.push_back(path.path);
    }
    const auto done = run_program("systemd-tmpfiles", {root, "--create", "-"}, lines);
    if (!done) return done.error().with_prefix("cannot make " + join(made, ", "));
  }
  return made;
}

Result<void> name_dynamic_user(Manager& manager, const std::string& uid, const std::string& gid) {
  const std::string name = "sandproof-" + random_name();
  const std::string lines = "g " + name + " " + gid + "\nu " + name + " " + uid + ":" + gid + "\n";
  const auto done =
      run_program("systemd-sysusers", {"--root=" + manager.files().name().string(), "-"}, lines);
  if (!done) return done.error().with_prefix("cannot name the dynamic user " + uid);
  return {};
}

}  // namespace sandproof
