#include "unit/edited.h"

#include <algorithm>

#include "unit/reader.h"
#include "unit/unit_folder.h"

namespace sandproof {

namespace {

using unit::UnitFile;
using unit::UnitFolder;

// Drop-ins are read in the order of their names, and this is the last that a name can be.
constexpr auto last_drop_in = "~~~.conf";

// Says of a copy that its files were read. LoadState= would, too, but is not a property of
// services: systemd loads a unit that nothing holds anew for every question about it.
constexpr auto mark = "SyslogIdentifier";

// The text with empty lines in the place of those that assign what is to go; and of all that other
// sections say, which is no setting, and has systemd load a hundred other units for every copy.
std::string without_lines_of(const std::set<std::string>& names, const std::string& text) {
  std::vector<bool> is_gone;
  for (const auto& assignment : unit::read_assignments(text)) {
    if (assignment.section == "Service" && !names.contains(assignment.name)) continue;
    const auto last = static_cast<std::size_t>(assignment.last_line);
    if (is_gone.size() < last) is_gone.resize(last);
    std::fill(is_gone.begin() + assignment.line - 1, is_gone.begin() + assignment.last_line, true);
  }
  std::string result;
  std::size_t number = 0;
  for (std::size_t start = 0; start < text.size(); ++number) {
    const auto end = std::min(text.find('\n', start), text.size() - 1) + 1;
    result += number < is_gone.size() && is_gone[number] ? "\n" : text.substr(start, end - start);
    start = end;
  }
  return result;
}

class Copies {
 public:
  static Result<Copies> of(Manager& manager, const LoadedUnit& loaded) {
    auto folder = UnitFolder::open(manager);
    if (!folder) return folder.error();
    return Copies(manager, loaded, *std::move(folder));
  }

  // Written under a name that no unit has, to be loaded when all of them are written: systemd reads
  // its folders anew after every change.
  Result<void> write(const Edit& edit) {
    const std::string name = unit::fresh_name(loaded_->unit.name);
    const std::string parent = unit::template_of(name);
    const auto& files = loaded_->unit.files;
    const UnitFile fragment{parent.empty() ? name : parent, files.front(),
                            without_lines_of(edit.removed, text_of(files.front()))};
    std::vector<UnitFile> drop_ins;
    for (auto file = files.begin() + 1; file != files.end(); ++file) {
      if (unit::is_global(*file)) continue;
      drop_ins.push_back({file->substr(file->rfind('/') + 1), *file,
                          without_lines_of(edit.removed, text_of(*file))});
    }
    drop_ins.push_back({last_drop_in, last_drop_in,
                        "[Unit]\nDefaultDependencies=no\n[Service]\n" + edit.added + "\n" + mark +
                            "=" + name + "\n"});
    const auto written = folder_.write(unit::Where::of_this_boot, name, fragment, drop_ins);
    if (!written) return written.error();
    names_.push_back(name);
    return {};
  }

  // The properties of each; none of one that systemd does not read.
  Result<std::vector<Properties>> load() {
    std::vector<Properties> result;
    for (const auto& name : names_) {
      auto properties = manager_->service_properties(name);
      if (properties && !is_read(name, *properties)) {
        // systemd looked into a list of its files from before they were written.
        if (auto reloaded = unit::reload(*manager_); !reloaded) return reloaded.error();
        properties = manager_->service_properties(name);
      }
      if (!properties) return properties.error();
      result.push_back(is_read(name, *properties) ? *std::move(properties) : Properties());
    }
    return result;
  }

 private:
  Copies(Manager& manager, const LoadedUnit& loaded, UnitFolder folder)
      : manager_(&manager), loaded_(&loaded), folder_(std::move(folder)) {}

  static bool is_read(const std::string& name, const Properties& properties) {
    const auto found = properties.find(mark);
    return found != properties.end() && found->second == Value::text(name);
  }

  const std::string& text_of(const std::string& file) const { return loaded_->sources.at(file); }

  Manager* manager_;
  const LoadedUnit* loaded_;
  UnitFolder folder_;
  std::vector<std::string> names_;
};

// What follows from the copy's name (%n) is of the copy, and tells two plain copies apart.
std::optional<Settings> changed_by(const Properties& with, const Properties& plain,
                                   const Properties& plain_again, const Settings& settings) {
  Properties changes;
  for (const auto& [name, value] : with) {
    if (settings.find(name) == nullptr) continue;
    const auto before = plain.find(name);
    const auto again = plain_again.find(name);
    if (before == plain.end() || again == plain_again.end()) continue;
    if (value == before->second || before->second != again->second) continue;
    changes.emplace(name, value);
  }
  if (changes.empty()) return {};
  return settings.with(changes);
}

}  // namespace

Result<std::vector<std::optional<Settings>>> edited_settings(Manager& manager,
                                                             const LoadedUnit& loaded,
                                                             const std::vector<Edit>& edits) {
  std::vector<std::optional<Settings>> result(edits.size());
  if (edits.empty() || loaded.unit.files.empty()) return result;
  auto copies = Copies::of(manager, loaded);
  if (!copies) return copies.error();
  std::vector<Edit> all(2);  // the two plain ones first
  all.insert(all.end(), edits.begin(), edits.end());
  for (const auto& edit : all) {
    if (auto written = copies->write(edit); !written) return written.error();
  }
  const auto properties = copies->load();
  if (!properties) return properties.error();
  for (std::size_t i = 0; i < edits.size(); ++i) {
    result[i] = changed_by(properties->at(i + 2), properties->at(0), properties->at(1),
                           loaded.unit.settings);
  }
  return result;
}

}  // namespace sandproof
