// What a unit would be with a line more or some less: asked of systemd, which parses the unit's own
// files as they would then be.
#pragma once

#include <compare>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "manager/manager.h"
#include "unit/load.h"
#include "unit/unit_folder.h"

namespace sandproof {

// A change of the unit's [Service] sections.
struct Edit {
  std::string added;              // a line after all others: "SystemCallFilter=~@mount"; or ""
  std::set<std::string> removed;  // the directives whose lines go: "ProtectHome"

  bool is_none() const { return added.empty() && removed.empty(); }
  auto operator<=>(const Edit&) const = default;
};

// A unit and its settings with one edit or another.
class EditedUnit {
 public:
  // Both outlive this.
  EditedUnit(Manager& manager, const LoadedUnit& loaded) : manager_(&manager), loaded_(&loaded) {}

  // Whether systemd finds new files by itself, as 247, 252, 257 and 262 were seen to. One that does
  // not is reloaded for each prepare(), while nothing runs that would have to survive it.
  Result<bool> sees_what_is_new();

  // Has the copies written that settings() will ask about. All at once: systemd reads its folders
  // anew after every change.
  Result<void> prepare(const std::vector<Edit>& edits);

  // The unit's settings with a prepared edit; nothing where it changes nothing, as with a line that
  // this systemd does not know or that the unit has already, or for a unit without files. systemd
  // is asked the first time.
  Result<std::optional<Settings>> settings(const Edit& edit);

 private:
  Result<std::string> write(const Edit& edit);
  Result<void> open_folder();
  Result<Properties> properties_of(const std::string& copy);
  Result<void> load_plain();
  Result<void> make_seen();

  Manager* manager_;
  const LoadedUnit* loaded_;
  // Where the copies lie, and the unit by which each is known.
  std::optional<unit::UnitFolder> folder_;
  std::map<Edit, std::string> copies_;
  std::map<Edit, std::optional<Settings>> known_;
  bool sees_what_is_new_ = true;
  // Two copies without an edit: what tells them apart follows from their names.
  Properties plain_;
  Properties plain_again_;
};

}  // namespace sandproof
