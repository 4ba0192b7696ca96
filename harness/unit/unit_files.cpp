#include "unit/unit_files.h"

#include <algorithm>
#include <set>
#include <system_error>

#include "base/rooted.h"
#include "unit/reader.h"
#include "unit/request.h"

namespace sandproof::unit {

namespace {

namespace fs = std::filesystem;

constexpr const char* no_services = "units that are no services";
constexpr const char* masked = "masked units";
constexpr const char* templates =
    "templates without DefaultInstance= (name an instance, such as NAME@x.service)";
constexpr const char* shared_drop_ins = "drop-ins of more than one unit";

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

// A file of size 0, or a symlink to /dev/null: systemd.unit(5).
bool is_masked(const fs::path& path) {
  std::error_code error;
  const auto target = fs::canonical(path, error);
  return !error && (target == "/dev/null" ||
                    (fs::is_regular_file(target, error) && fs::file_size(target, error) == 0));
}

std::string default_instance(const fs::path& template_file) {
  const auto root = RootedFs::open("/");
  std::error_code error;
  // Whatever is not a regular file, such as a pipe, could keep the reader waiting.
  if (!root || !fs::is_regular_file(template_file, error)) return {};
  const auto text = root->read(fs::absolute(template_file, error).string());
  if (!text) return {};
  std::string instance;
  for (const auto& assignment : read_assignments(*text)) {
    if (assignment.section == "Install" && assignment.name == "DefaultInstance") {
      instance = assignment.value;
    }
  }
  return instance;
}

class Sorter {
 public:
  void add(const fs::path& file) {
    const fs::path folder = file.parent_path();
    if (file.extension() == ".conf" && folder.extension() == ".d") return add_drop_in(file);
    const auto type = type_of(file.filename().string());
    if (type.empty() || !is_there(file)) return;
    if (type == "service") return add_service(file);
    leave_out(file, no_services);
  }

  UnitFiles take() { return std::move(found_); }

 private:
  void add_drop_in(const fs::path& file) {
    const fs::path folder = file.parent_path();
    const std::string of = folder.stem().string();
    // "foo-.service.d" is for all whose names begin with "foo-": systemd.unit(5).
    if (of == "service" || of.ends_with("-.service")) return leave_out(file, shared_drop_ins);
    if (type_of(of).empty()) return;
    if (type_of(of) != "service") return leave_out(file, no_services);
    const fs::path beside = folder.parent_path() / of;
    const std::string parent = template_of(of);
    if (is_there(beside) || (!parent.empty() && is_there(folder.parent_path() / parent))) {
      return add_service(beside);
    }
    if (has_drop_ins(folder)) add_once(folder, folder);
  }

  void add_service(const fs::path& file) {
    const std::string name = file.filename().string();
    if (is_masked(file)) return leave_out(file, masked);
    if (!name.ends_with("@.service")) return add_once(file, identity_of(file));
    const std::string instance = default_instance(file);
    if (instance.empty()) return leave_out(file, templates);
    const std::string stem = name.substr(0, name.rfind('.'));
    add_service(file.parent_path() / (stem + instance + ".service"));
  }

  // A symlink is another name of the same unit; an instance of a template is a unit of its own.
  static fs::path identity_of(const fs::path& file) {
    std::error_code error;
    const auto target = fs::canonical(file, error);
    return error || !template_of(file.filename().string()).empty() ? file : target;
  }

  static bool has_drop_ins(const fs::path& folder) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
      if (entry.path().extension() == ".conf") return true;
    }
    return false;
  }

  void add_once(const fs::path& what, const fs::path& identity) {
    if (seen_.insert(identity.lexically_normal()).second) found_.units.push_back(what.string());
  }

  void leave_out(const fs::path& file, const char* kind) {
    if (told_.insert(file).second) found_.left_out.push_back({file.string(), kind});
  }

  UnitFiles found_;
  std::set<fs::path> seen_;
  std::set<fs::path> told_;
};

}  // namespace

UnitFiles unit_files_among(std::vector<fs::path> files) {
  // The files themselves come before the symlinks to them.
  std::sort(files.begin(), files.end());
  std::stable_partition(files.begin(), files.end(), [](const fs::path& file) {
    std::error_code error;
    return !fs::is_symlink(file, error);
  });
  Sorter sorter;
  for (const auto& file : files) sorter.add(file);
  auto found = sorter.take();
  std::sort(found.units.begin(), found.units.end());
  return found;
}

Result<std::vector<fs::path>> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const bool is_hidden = entry->path().filename().string().starts_with('.');
    std::error_code ignored;
    if (!entry->is_directory(ignored) || entry->is_symlink(ignored)) {
      if (!is_hidden) files.push_back(entry->path());
    } else if (is_hidden) {
      entry.disable_recursion_pending();
    }
  }
  if (error) return bad_input("cannot read " + folder.string() + ": " + error.message());
  return files;
}

}  // namespace sandproof::unit
