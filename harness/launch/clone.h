// From a unit's settings to the properties of transient units that run under them: the clones.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bus/connection.h"
#include "model/own_directories.h"
#include "model/settings.h"

namespace sandproof::launch {

// As whom a cell runs.
struct Identity {
  std::string user;   // a name or a number; "" for root
  std::string group;  // "" for the user's own
  std::vector<std::string> supplementary_groups;
};

// The unit's user without the unit's sandbox, or root, and without the defaults of systemd that
// restrict: a bare cell.
std::vector<bus::Property> bare_properties(const Identity& identity);

// What becomes of RuntimeDirectory=, StateDirectory= and their kind in a clone. A clone that stops
// removes its RuntimeDirectory=, and one of another user re-owns the others (setup_exec_directory()
// in systemd's source), so only one cell of a disposable manager may name the unit's own.
enum class Directories {
  own,       // as the unit has them; kept when the clone stops
  writable,  // not made, but writable where they are, as the unit sees them
};

struct CloneOptions {
  bool as_root = false;
  Directories directories = Directories::own;
  // Below what the manager has them.
  DirectoryParents parents = {};
};

// The unit's own settings, handed back to systemd as they came.
std::vector<bus::Property> sandboxed_properties(const Settings& settings,
                                                const CloneOptions& options);

// Where the directories of a unit come to lie: where they are named, or where the user is a dynamic
// one in /var/lib/private, with a symlink to it.
std::vector<std::string> places_of_directories(const Settings& settings,
                                               const DirectoryParents& parents);

// Whether a directive, or property, says what they are: StateDirectory, StateDirectoryMode, ….
bool is_of_directories(const std::string& name);

// A property of the clone that should be the original's and is not.
struct Difference {
  std::string property;
  std::string original;
  std::string clone;
};

// What systemd made of the clone against the settings that were handed to it. `known` are the names
// that staging or the identity changed on purpose.
std::vector<Difference> differences(const Settings& settings, const Properties& clone,
                                    const CloneOptions& options,
                                    const std::vector<std::string>& known);

// Whether these settings give the unit a mount namespace of its own, so that something can be
// mounted in it without making it another sandbox: exec_needs_mount_namespace() in systemd's
// source.
bool makes_mount_namespace(const Settings& settings, int systemd);

}  // namespace sandproof::launch
