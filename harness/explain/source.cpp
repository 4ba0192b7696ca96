#include "explain/source.h"

#include <algorithm>
#include <filesystem>

#include "unit/request.h"
#include "unit/unit_folder.h"

namespace sandproof::explain {

namespace {

// The user's own path for a file that was written for the manager.
std::string shown_name(const unit::Request& request, const std::string& path) {
  const auto name = std::filesystem::path(path).filename().string();
  for (const auto& drop_in : request.drop_ins) {
    if (drop_in.name == name) return drop_in.shown;
  }
  if (request.fragment && (name == request.fragment->name || name == request.unit)) {
    return request.fragment->shown;
  }
  return path;
}

Result<void> check_found(const unit::Loaded& loaded, const std::string& unit) {
  const auto state = loaded.state();
  if (loaded.fragment().empty() || state == "masked" || state == "error") {
    return bad_input("systemd has no unit " + unit + " to start (" + state + ")");
  }
  return {};
}

// Files that are read as they are; only what the manager adds to every service is asked for.
Result<Source> read_beside(Manager& manager, const unit::Request& request) {
  auto folder = unit::UnitFolder::open(manager);
  if (!folder) return folder.error();
  std::vector<UnitFile> files;
  std::vector<UnitFile> drop_ins;
  auto fragment = request.fragment;
  std::string name = request.unit;
  if (fragment) {
    name = fragment->name = unit::fresh_name(request.unit);
    auto written = folder->write(unit::Where::of_this_boot, name, fragment, {});
    if (!written) return written.error();
    files.push_back({fragment->shown, fragment->content});
  }
  const auto loaded =
      fragment ? unit::load_written(manager, name) : unit::load(manager, request.unit);
  if (!loaded) return loaded.error();
  if (auto found = check_found(*loaded, request.unit); !found) return found.error();
  Source source;
  source.unit = fragment ? request.unit : loaded->name;
  source.drop_ins = loaded->drop_ins();
  std::vector<std::string> paths = loaded->drop_ins();
  if (!fragment) paths.insert(paths.begin(), loaded->fragment());
  for (const auto& path : paths) {
    auto text = manager.files().read(path);
    if (!text) return text.error();
    (files.empty() ? files : drop_ins).push_back({path, *std::move(text)});
  }
  for (const auto& drop_in : request.drop_ins) drop_ins.push_back({drop_in.shown, drop_in.content});
  // In the order of their names, whichever folders they lie in: systemd.unit(5).
  std::stable_sort(drop_ins.begin(), drop_ins.end(), [](const auto& one, const auto& other) {
    return std::filesystem::path(one.name).filename() <
           std::filesystem::path(other.name).filename();
  });
  files.insert(files.end(), drop_ins.begin(), drop_ins.end());
  for (const auto& file : files) source.files.push_back(file.name);
  source.text = UnitText(files);
  return source;
}

// A file takes the place that it would have where it is installed.
Result<Source> read_in_place(Manager& manager, const unit::Request& request) {
  std::vector<std::string> written;
  if (request.has_files()) {
    auto folder = unit::UnitFolder::open(manager);
    if (!folder) return folder.error();
    auto paths =
        folder->write(unit::Where::foremost, request.unit, request.fragment, request.drop_ins);
    if (!paths) return paths.error();
    written = *std::move(paths);
    // Without a fragment of its own the unit is found in a list that has no drop-ins of ours yet.
    if (auto reloaded = request.fragment ? Result<void>() : unit::reload(manager); !reloaded) {
      return reloaded.error();
    }
  }
  const auto loaded = request.has_files() ? unit::load_written(manager, request.unit)
                                          : unit::load(manager, request.unit);
  if (!loaded) return loaded.error();
  if (auto found = check_found(*loaded, request.unit); !found) return found.error();
  Source source;
  source.unit = loaded->name;
  const auto is_ours = [&written](const std::string& path) {
    return std::find(written.begin(), written.end(), path) != written.end();
  };
  std::vector<std::string> paths = {loaded->fragment()};
  for (const auto& drop_in : loaded->drop_ins()) {
    if (!is_ours(drop_in)) source.drop_ins.push_back(drop_in);
    // What the machine has for an installed unit of the same name is not the file's.
    if (!request.fragment || is_ours(drop_in) || unit::is_global(drop_in)) {
      paths.push_back(drop_in);
    }
  }
  std::vector<UnitFile> files;
  for (const auto& path : paths) {
    auto text = manager.files().read(path);
    if (!text) return text.error();
    files.push_back({is_ours(path) ? shown_name(request, path) : path, *std::move(text)});
    source.files.push_back(files.back().name);
  }
  source.text = UnitText(files);
  return source;
}

}  // namespace

Result<Source> read_source(Manager& manager, const std::string& what) {
  const auto request = unit::read_request(what);
  if (!request) return request.error();
  auto source =
      manager.is_disposable() ? read_in_place(manager, *request) : read_beside(manager, *request);
  if (source && source->text.programs().empty()) {
    return bad_input(source->files.front() + " has no command to start: ExecStart=");
  }
  return source;
}

}  // namespace sandproof::explain
