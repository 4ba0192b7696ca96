#include "unit/pristine.h"

#include <filesystem>

#include "unit/unit_folder.h"

namespace sandproof {

namespace {

// The same drop-in from the unit's own folder comes before that of all services: systemd.unit(5).
std::vector<unit::UnitFile> empty_drop_ins(const std::vector<std::string>& paths) {
  std::vector<unit::UnitFile> result;
  result.reserve(paths.size());
  for (const auto& path : paths) {
    result.push_back({std::filesystem::path(path).filename().string(), path, ""});
  }
  return result;
}

Result<unit::Loaded> load_fresh(Manager& manager, const std::vector<std::string>& hidden) {
  auto folder = unit::UnitFolder::open(manager);
  if (!folder) return folder.error();
  const std::string name = unit::fresh_name("x.service");
  const unit::UnitFile fragment{name, name, "[Service]\nExecStart=/bin/true\n"};
  const auto paths =
      folder->write(unit::Where::of_this_boot, name, fragment, empty_drop_ins(hidden));
  if (!paths) return paths.error();
  auto loaded = unit::load_written(manager, name);
  if (loaded && loaded->state() != "loaded") {
    return cannot_run("systemd does not load a unit with nothing but an ExecStart=: it is " +
                      loaded->state());
  }
  return loaded;
}

}  // namespace

Result<Pristine> find_pristine(Manager& manager) {
  auto loaded = load_fresh(manager, {});
  if (!loaded) return loaded.error();
  Pristine pristine{loaded->service, loaded->drop_ins()};
  if (pristine.global_drop_ins.empty()) return pristine;
  loaded = load_fresh(manager, pristine.global_drop_ins);
  if (!loaded) return loaded.error();
  pristine.properties = loaded->service;
  return pristine;
}

Result<Properties> pristine_properties(Manager& manager) {
  auto pristine = find_pristine(manager);
  if (!pristine) return pristine.error();
  return std::move(pristine->properties);
}

}  // namespace sandproof
