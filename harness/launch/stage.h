// Programs, such as the probes, put where the units of a manager can execute them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/janitor.h"
#include "bus/connection.h"
#include "manager/manager.h"
#include "model/settings.h"

namespace sandproof::launch {

// Where the probes lie on this machine: beside the program in a build tree, in ../libexec/sandproof
// where it is installed.
Result<std::filesystem::path> probes_on_this_machine();

// A shell on this machine that needs nothing but itself, in any sandbox: a busybox(1) without a
// dynamic loader; "" where there is none.
std::filesystem::path static_shell_on_this_machine();

class Stage {
 public:
  // Copies the programs of a folder, or the one program, into a new folder of the manager's files,
  // of a name that nobody can guess; it is gone when this is. The folder is chosen so that the
  // settings do not hide it, if there is one.
  static Result<Stage> make(Manager& manager, const Settings& settings,
                            const std::filesystem::path& programs);

  const std::string& folder() const { return folder_; }
  // In a throwaway, a folder with programs that give away privileges, for NoNewPrivileges= to keep:
  // the probe be-root with the set-user-ID bit, and hold-capability with CAP_NET_BIND_SERVICE. ""
  // on a machine, or where the settings leave no place for it.
  const std::string& privileged_folder() const { return privileged_folder_; }

  // What has to be added to a clone of these settings for the folder to be seen and executed in:
  // only where the settings hide it, which they cannot without a mount namespace.
  std::vector<bus::Property> additions(const Settings& settings) const;

 private:
  Result<void> make_privileged(const RootedFs& files, const Settings& settings);

  std::string folder_;
  std::string privileged_folder_;
  std::optional<Janitor> janitor_;  // on a machine that is not thrown away
};

// "BindReadOnlyPaths=/run/…": for the report.
std::vector<std::string> describe(const std::vector<bus::Property>& additions);

}  // namespace sandproof::launch
