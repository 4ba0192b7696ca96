#include "cli/subjects.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/text.h"
#include "cli/changed.h"
#include "unit/request.h"
#include "unit/unit_files.h"

namespace sandproof::cli {

namespace {

namespace fs = std::filesystem;

// A folder of drop-ins is one unit's.
bool is_folder_of_units(const std::string& name) {
  std::error_code error;
  return fs::is_directory(name, error) && unit::unit_of_drop_in_folder(name).empty();
}

fs::path in_full(const fs::path& path) {
  std::error_code error;
  const auto full = fs::weakly_canonical(path, error);
  // A folder's name may end in a slash.
  return full.has_filename() ? full : full.parent_path();
}

bool is_below(const fs::path& path, const fs::path& folder) {
  const auto [end, ignored] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return end == folder.end();
}

Result<std::vector<fs::path>> narrowed_down(const std::vector<fs::path>& files,
                                            const std::vector<std::string>& to) {
  std::vector<fs::path> places;
  for (const auto& name : to) {
    std::error_code error;
    if (!fs::exists(name, error)) {
      return bad_input("there is no file or folder " + name + " to narrow --changed down to");
    }
    places.push_back(in_full(name));
  }
  std::vector<fs::path> below;
  std::copy_if(files.begin(), files.end(), std::back_inserter(below), [&](const fs::path& file) {
    const auto full = in_full(file.parent_path()) / file.filename();
    return places.empty() || std::any_of(places.begin(), places.end(), [&](const fs::path& place) {
             return is_below(full, place);
           });
  });
  return below;
}

std::vector<std::string> remarks_about(const std::vector<unit::UnitFiles::LeftOut>& left_out) {
  std::map<std::string, std::vector<std::string>> files_of;
  for (const auto& [file, kind] : left_out) files_of[kind].push_back(shell_quote(file));
  std::vector<std::string> remarks;
  for (const auto& [kind, files] : files_of) {
    remarks.push_back("left out " + kind + ": " + join(files, " "));
  }
  return remarks;
}

Result<unit::UnitFiles> units_below(const std::string& folder) {
  auto files = unit::files_below(folder);
  if (!files) return files.error();
  auto found = unit::unit_files_among(*std::move(files));
  if (found.units.empty()) return bad_input(folder + " holds no service that could be checked");
  return found;
}

Result<Subjects> changed_subjects(const std::vector<std::string>& named,
                                  const std::string& revision) {
  const auto changed = files_changed_since(revision);
  if (!changed) return changed.error();
  auto files = narrowed_down(*changed, named);
  if (!files) return files.error();
  auto found = unit::unit_files_among(*std::move(files));
  return Subjects{std::move(found.units), remarks_about(found.left_out)};
}

}  // namespace

Result<Subjects> find_subjects(const std::vector<std::string>& named,
                               const std::optional<std::string>& changed_since) {
  if (changed_since) return changed_subjects(named, *changed_since);
  if (named.empty()) return bad_input("name a unit, a unit file or a folder of unit files");
  Subjects subjects;
  std::vector<unit::UnitFiles::LeftOut> left_out;
  for (const auto& name : named) {
    if (!is_folder_of_units(name)) {
      subjects.units.push_back(name);
      continue;
    }
    const auto found = units_below(name);
    if (!found) return found.error();
    subjects.units.insert(subjects.units.end(), found->units.begin(), found->units.end());
    left_out.insert(left_out.end(), found->left_out.begin(), found->left_out.end());
  }
  subjects.remarks = remarks_about(left_out);
  return subjects;
}

}  // namespace sandproof::cli
