#include "unit/request.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/rooted.h"
#include "base/text.h"
#include "unit/sockets.h"

namespace sandproof::unit {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view service_suffix = ".service";
constexpr std::string_view drop_in_folder_suffix = ".service.d";
constexpr std::array<std::string_view, 11> unit_types = {"service",   "socket", "target", "device",
                                                         "mount",     "swap",   "timer",  "path",
                                                         "automount", "slice",  "scope"};

Result<void> check_name(const std::string& unit, const std::string& shown) {
  const auto type = type_of(unit);
  if (!type.empty() && type != "service") {
    return bad_input(shown + " is a " + std::string(type) +
                     " unit; name a service, whose sandbox can be checked");
  }
  if (type.empty() || unit.size() == service_suffix.size()) {
    return bad_input(shown + " is no service: its name has to end in .service");
  }
  if (unit.ends_with("@.service")) {
    const std::string stem = unit.substr(0, unit.size() - service_suffix.size());
    return bad_input(shown + " is a template; name an instance of it, such as " +
                     shown.substr(0, shown.size() - unit.size()) + stem + "x.service");
  }
  return {};
}

// A unit, or a drop-in, that hides the one of its name: systemd.unit(5).
bool is_masked(const fs::path& path) {
  std::error_code error;
  return fs::read_symlink(path, error) == "/dev/null";
}

// An alias is a link to a unit beside it: systemd.unit(5). A link to a file elsewhere only says
// where the unit of this name has its text, and a link to a template of which instance it is.
fs::path without_alias(const fs::path& path) {
  std::error_code error;
  const fs::path target = fs::read_symlink(path, error);
  if (error || target.filename() == template_of(path.filename().string())) return path;
  const fs::path beside = path.parent_path() / target.filename();
  const bool is_beside = fs::equivalent(path.parent_path() / target, beside, error) && !error;
  return is_beside && fs::is_regular_file(beside, error) ? beside : path;
}

Result<UnitFile> read_file(const fs::path& path) {
  const std::string shown = path.string();
  if (is_masked(path)) {
    return bad_input(shown + " masks the unit (it is a link to /dev/null), so it has no settings");
  }
  // Whatever is not a regular file, such as a pipe, could keep the reader waiting.
  std::error_code error;
  if (!fs::is_regular_file(path, error)) {
    return bad_input(shown + (error ? " cannot be read: " + error.message()
                                    : " is no file that could hold a unit"));
  }
  const auto root = RootedFs::open("/");
  if (!root) return root.error();
  const auto content = root->read(fs::absolute(path, error).string());
  if (!content) return bad_input(content.error().message);
  if (trim(*content).empty()) return bad_input(shown + " is empty; a service needs [Service]");
  if (!is_text(*content)) return bad_input(shown + " is no text, so no unit file");
  return UnitFile{path.filename().string(), shown, *content};
}

Result<std::vector<UnitFile>> read_drop_ins(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> paths;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == ".conf") paths.push_back(entry->path());
  }
  if (error) return bad_input("cannot read " + folder.string() + ": " + error.message());
  std::sort(paths.begin(), paths.end());
  std::vector<UnitFile> result;
  for (const auto& path : paths) {
    // An empty one hides another of its name, too.
    std::error_code ignored;
    if (is_masked(path) ||
        (fs::is_regular_file(path, ignored) && fs::file_size(path, ignored) == 0)) {
      result.push_back({path.filename().string(), path.string(), ""});
      continue;
    }
    auto file = read_file(path);
    if (!file) return file.error();
    result.push_back(*std::move(file));
  }
  return result;
}

// Those for every instance come with those for the one.
Result<void> add_drop_ins_beside(const fs::path& folder, const std::string& name,
                                 std::vector<UnitFile>& drop_ins) {
  std::error_code error;
  const fs::path beside = folder / (name + ".d");
  if (name.empty() || !fs::is_directory(beside, error)) return {};
  auto found = read_drop_ins(beside);
  if (!found) return found.error();
  for (auto& file : *found) {
    const bool is_hidden = std::any_of(drop_ins.begin(), drop_ins.end(),
                                       [&](const auto& other) { return other.name == file.name; });
    if (!is_hidden) drop_ins.push_back(std::move(file));
  }
  return {};
}

Result<Request> request_of_fragment(const fs::path& named) {
  const fs::path path = without_alias(named);
  Request request;
  request.unit = path.filename().string();
  if (auto checked = check_name(request.unit, path.string()); !checked) return checked.error();
  const std::string parent = template_of(request.unit);
  std::error_code error;
  fs::path source = path;
  if (!fs::exists(path, error)) {
    source = path.parent_path() / parent;
    if (parent.empty() || !fs::exists(source, error)) {
      return bad_input("there is no file " + path.string());
    }
  }
  auto fragment = read_file(source);
  if (!fragment) return fragment.error();
  request.fragment = *std::move(fragment);
  for (const auto& name : {request.unit, parent}) {
    if (auto added = add_drop_ins_beside(path.parent_path(), name, request.drop_ins); !added) {
      return added.error();
    }
  }
  std::sort(request.drop_ins.begin(), request.drop_ins.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  const fs::path socket = path.parent_path() / socket_of(request.unit);
  if (fs::exists(socket, error)) {
    auto file = read_file(socket);
    if (!file) return file.error();
    request.socket = *std::move(file);
  }
  return request;
}

Result<Request> request_of_drop_ins(const std::string& unit, const std::string& shown,
                                    std::vector<UnitFile> files) {
  if (auto checked = check_name(unit, unit); !checked) return checked.error().with_prefix(shown);
  if (files.empty()) return bad_input(shown + " holds no drop-ins (*.conf)");
  Request request;
  request.unit = unit;
  request.drop_ins = std::move(files);
  return request;
}

Result<Request> request_of_path(const fs::path& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) {
    const std::string unit = unit_of_drop_in_folder(path);
    if (unit.empty()) return bad_input(path.string() + " is a folder; name a unit file");
    auto files = read_drop_ins(path);
    if (!files) return files.error();
    return request_of_drop_ins(unit, path.string(), *std::move(files));
  }
  if (path.extension() == ".conf") {
    const std::string unit = unit_of_drop_in_folder(path.parent_path());
    if (unit.empty()) {
      return bad_input(path.string() +
                       " is no unit file, and no drop-in either: it has to lie in a folder "
                       "NAME.service.d");
    }
    auto file = read_file(path);
    if (!file) return file.error();
    return request_of_drop_ins(unit, path.string(), {*std::move(file)});
  }
  return request_of_fragment(path);
}

}  // namespace

std::string template_of(const std::string& unit) {
  const auto at = unit.find('@');
  const auto dot = unit.rfind('.');
  if (at == std::string::npos || dot == std::string::npos || dot <= at + 1) return {};
  return unit.substr(0, at + 1) + unit.substr(dot);
}

std::string_view type_of(std::string_view unit) {
  const auto dot = unit.rfind('.');
  const auto type = dot == std::string_view::npos ? std::string_view() : unit.substr(dot + 1);
  const auto* found = std::find(unit_types.begin(), unit_types.end(), type);
  return found == unit_types.end() ? std::string_view() : *found;
}

std::string unit_of_drop_in_folder(const fs::path& folder) {
  std::error_code error;
  const fs::path whole = fs::absolute(folder, error).lexically_normal();
  // A path that ends in a slash has no last name.
  const std::string name = (whole.has_filename() ? whole : whole.parent_path()).filename().string();
  if (!name.ends_with(drop_in_folder_suffix) || name.size() == drop_in_folder_suffix.size()) {
    return {};
  }
  return name.substr(0, name.size() - 2);
}

Result<Request> read_request(const std::string& what) {
  if (what.empty()) return bad_input("name a unit or a unit file");
  std::error_code error;
  if (what.find('/') != std::string::npos || fs::exists(what, error)) return request_of_path(what);
  Request request;
  request.unit = what;
  if (what.find('.') == std::string::npos) request.unit += service_suffix;
  if (auto checked = check_name(request.unit, request.unit); !checked) return checked.error();
  return request;
}

}  // namespace sandproof::unit
