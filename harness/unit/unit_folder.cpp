#include "unit/unit_folder.h"

#include <filesystem>
#include <variant>

#include "base/random.h"
#include "unit/runtime_state.h"

namespace sandproof::unit {

namespace {

std::string text_of(const Properties& properties, std::string_view name) {
  const auto found = properties.find(name);
  return found == properties.end() ? std::string() : to_string(found->second);
}

}  // namespace

Result<UnitFolder> UnitFolder::open(Manager& manager) {
  if (manager.is_disposable()) return UnitFolder(manager, std::nullopt);
  auto janitor = Janitor::start();
  if (!janitor) return janitor.error();
  return UnitFolder(manager, *std::move(janitor));
}

Result<void> UnitFolder::will_remove(const std::string& path) {
  return janitor_ ? janitor_->will_remove(path) : Result<void>();
}

Result<void> UnitFolder::write_file(const std::string& path, const std::string& content) {
  if (auto arranged = will_remove(path); !arranged) return arranged;
  // In a throwaway it may be there: a unit of the machine by the same name.
  if (manager_->is_disposable() && manager_->files().exists(path)) {
    if (auto removed = manager_->files().remove(path); !removed) return removed;
  }
  return manager_->files().write_new(path, content, 0644);
}

Result<std::vector<std::string>> UnitFolder::write(Where where, const std::string& unit,
                                                   const std::optional<UnitFile>& fragment,
                                                   const std::vector<UnitFile>& drop_ins) {
  std::vector<std::string> paths;
  const auto& folders = manager_->folders();
  const std::string& folder =
      where == Where::foremost ? folders.foremost_units : folders.volatile_units;
  const std::string drop_in_folder = folder + "/" + unit + ".d";
  if (auto made = manager_->files().make_folders(folder); !made) return made.error();
  if (fragment) paths.push_back(folder + "/" + fragment->name);
  if (!drop_ins.empty()) {
    if (auto arranged = will_remove(drop_in_folder); !arranged) return arranged.error();
    if (auto made = manager_->files().make_folders(drop_in_folder); !made) return made.error();
  }
  for (const auto& drop_in : drop_ins) {
    paths.push_back(drop_in_folder + "/" + drop_in.name);
    if (auto written = write_file(paths.back(), drop_in.content); !written) return written.error();
  }
  if (fragment) {
    if (auto written = write_file(paths.front(), fragment->content); !written) {
      return written.error();
    }
  }
  return paths;
}

std::string fresh_name(const std::string& like) {
  const auto at = like.find('@');
  const std::string instance = at == std::string::npos ? ".service" : like.substr(at);
  return "sandproof-" + random_name() + instance;
}

Result<void> reload(Manager& manager) {
  const auto reply = manager.bus().call_manager("Reload", {});
  if (const auto* error = std::get_if<bus::CallError>(&reply)) {
    return cannot_run("systemd does not reload its units: " + bus::to_string(*error));
  }
  return {};
}

std::string Loaded::state() const { return text_of(unit, "LoadState"); }

std::string Loaded::fragment() const { return text_of(unit, "FragmentPath"); }

std::vector<std::string> Loaded::drop_ins() const {
  return Settings(unit, {}).texts("DropInPaths");
}

Result<Loaded> load(Manager& manager, const std::string& name) {
  const auto path = manager.load(name);
  if (!path) return path.error();
  auto unit = manager.unit_properties(name);
  if (!unit) return unit.error();
  auto service = manager.service_properties(name);
  if (!service) return service.error();
  const std::string id = text_of(*unit, "Id");
  return Loaded{id.empty() ? name : id, without_runtime_state(*std::move(service)),
                *std::move(unit)};
}

Result<Loaded> load_written(Manager& manager, const std::string& name) {
  auto loaded = load(manager, name);
  if (!loaded || loaded->state() != "not-found") return loaded;
  if (auto reloaded = reload(manager); !reloaded) return reloaded.error();
  return load(manager, name);
}

Result<void> make_read(Manager& manager, const std::string& name) {
  // To be asked about a unit makes systemd load it.
  auto unit = manager.unit_properties(name);
  if (!unit) return unit.error();
  if (text_of(*unit, "LoadState") != "not-found") return {};
  if (auto reloaded = reload(manager); !reloaded) return reloaded;
  unit = manager.unit_properties(name);
  return unit ? Result<void>() : Result<void>(unit.error());
}

bool is_global(const std::string& drop_in) {
  return std::filesystem::path(drop_in).parent_path().filename() == "service.d";
}

}  // namespace sandproof::unit
