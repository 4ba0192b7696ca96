// Unit files that are written for a manager to load, and that are gone afterwards.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/janitor.h"
#include "manager/manager.h"
#include "unit/request.h"

namespace sandproof::unit {

// One of the folders in which the manager looks for units.
enum class Where {
  of_this_boot,  // never on a disk
  foremost,      // wins over all others
};

class UnitFolder {
 public:
  // What is written is removed when this ends, and with the harness however that dies; in a
  // throwaway it stays, and is thrown away with it.
  static Result<UnitFolder> open(Manager& manager);

  // Makes the drop-ins, then the fragment: a cache of systemd's that has the fragment has them all.
  // Answers the paths, the fragment's first.
  Result<std::vector<std::string>> write(Where where, const std::string& unit,
                                         const std::optional<UnitFile>& fragment,
                                         const std::vector<UnitFile>& drop_ins);

 private:
  UnitFolder(Manager& manager, std::optional<Janitor> janitor)
      : manager_(&manager), janitor_(std::move(janitor)) {}
  Result<void> write_file(const std::string& path, const std::string& content);
  Result<void> will_remove(const std::string& path);

  Manager* manager_;
  std::optional<Janitor> janitor_;
};

// "sandproof-0123456789abcdef.service": a name that no unit has; an instance stays one.
std::string fresh_name(const std::string& like);

// As `systemctl daemon-reload`.
Result<void> reload(Manager& manager);

// A unit as the manager loaded it.
struct Loaded {
  std::string name;
  Properties service;  // without run-time state
  Properties unit;

  std::string state() const;  // "loaded", "not-found", "bad-setting", …
  std::string fragment() const;
  std::vector<std::string> drop_ins() const;
};
Result<Loaded> load(Manager& manager, const std::string& name);
// The unit was written a moment ago: where systemd still looks into an older list of its files, it
// is told to reload.
Result<Loaded> load_written(Manager& manager, const std::string& name);
// The same, where only what systemd logs of it is wanted.
Result<void> make_read(Manager& manager, const std::string& name);

// A drop-in of all services: /etc/systemd/system/service.d/x.conf.
bool is_global(const std::string& drop_in);

}  // namespace sandproof::unit
