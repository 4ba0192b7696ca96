// What each directive promises, as attempts with the outcomes that they must have.
//
// A family of directives is a file; a directive is a function in it and a row in the family's table
// at the end of the file. Each fact comes from systemd.exec(5), from systemd's source or from a run
// on a real systemd, and says so where it is not obvious.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/attempt.h"
#include "model/own_directories.h"
#include "model/place.h"
#include "model/settings.h"

namespace sandproof::guarantee {

// What stands outside of the sandbox, for attempts to be made upon. All of it is ours: made for the
// run by the bystander program, in a bare unit of the same manager.
struct Bystander {
  int root_pid = 0;      // a process of root's
  int user_pid = 0;      // a process of the unit's user; the same as root_pid where that is root
  std::string tcp_port;  // a listener on 127.0.0.1
  std::string abstract_socket;  // the name of a listening abstract AF_UNIX socket, without the NUL
  std::string shm_key;          // a System V shared memory segment, mode 0666
  std::string tmp_file;         // /tmp/…, mode 0644
  std::string var_tmp_file;     // /var/tmp/…, mode 0644
  std::string dev_shm_file;     // /dev/shm/…, mode 0644
  // The inode numbers of /proc/PID/ns/…, by name: "mnt", "user".
  std::map<std::string, std::string> namespaces = {};
};

// The unit that promises are made of, and the machine they are kept on.
struct Subject {
  const Settings& settings;
  int systemd = 0;   // the manager's version
  std::string user;  // "" for root
  Bystander bystander;
  // A folder that is not hidden by the unit's sandbox and that its user may write, bare and
  // sandboxed: the first of its ReadWritePaths=, its StateDirectory=, /dev/shm, …; "" where there
  // is none.
  std::string writable_folder;
  // Whether the path is there in the manager's own root, outside of any sandbox.
  std::function<bool(const std::string&)> exists;
  // Where it is there, in its file system; nothing where it is not, or cannot be told.
  std::function<std::optional<Place>(const std::string&)> place_of;
  // A folder with be-root as a set-user-ID program and with hold-capability as one that has
  // CAP_NET_BIND_SERVICE; "" where there is none.
  std::string privileged_folder = {};
  // Whether a cell makes the unit's own directories (StateDirectory= and the like), as the start of
  // the unit does: on a host none does, for the unit's own sake.
  bool makes_directories = true;
  // Below what systemd makes them.
  DirectoryParents parents = {};
  // The home of the user whose manager the unit is of; "" for the system's.
  std::string home = {};

  // A process outside whose links in /proc the unit may follow, if it may those of any.
  int outside_pid() const { return home.empty() ? bystander.root_pid : bystander.user_pid; }
};

// What a directive's documentation says that it does not keep from. No side door: where it is seen
// to be so, it is told.
struct Limit {
  Attempt attempt;
  std::string says;
};

// A directive's promise under the settings of one unit.
struct Promise {
  // The value in force restricts nothing: PrivateNetwork=no.
  static Promise off() { return {{}, true, {}}; }
  // No harmless attempt can show it, or none on this machine; why.
  static Promise untestable(std::string reason) { return {{}, false, std::move(reason)}; }

  std::vector<Expectation> attempts;
  bool is_off = false;
  std::string untestable_because = {};
  std::vector<Limit> limits = {};
};

using PromiseFunction = Promise (*)(const Subject& subject);

struct Guarantee {
  std::string_view directive;
  PromiseFunction promise;
  // Of a directive that no attempt can show, whatever its value: why. It has no `promise`.
  std::string_view untestable_because = {};
};

// The promise of a directive for this unit; nothing where there is no guarantee for it yet. Every
// expectation in it carries the directive's name.
std::optional<Promise> promise_of(std::string_view directive, const Subject& subject);

// Every directive that has a guarantee with attempts, sorted.
std::vector<std::string_view> covered_directives();

// Every directive that is known to be untestable whatever its value, and why.
std::map<std::string_view, std::string_view> untestable_directives();

}  // namespace sandproof::guarantee
