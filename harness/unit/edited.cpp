#include "unit/edited.h"

#include <algorithm>
#include <cassert>
#include <chrono>

#include "unit/reader.h"

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

bool is_read(const std::string& copy, const Properties& properties) {
  const auto found = properties.find(mark);
  return found != properties.end() && found->second == Value::text(copy);
}

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

// Under a name that no unit has. Answers that name.
Result<std::string> EditedUnit::write(const Edit& edit) {
  const std::string name = unit::fresh_name(loaded_->unit.name);
  const std::string parent = unit::template_of(name);
  const auto& files = loaded_->unit.files;
  const auto edited = [&](const std::string& file) {
    return without_lines_of(edit.removed, loaded_->sources.at(file));
  };
  const UnitFile fragment{parent.empty() ? name : parent, files.front(), edited(files.front())};
  std::vector<UnitFile> drop_ins;
  for (auto file = files.begin() + 1; file != files.end(); ++file) {
    if (unit::is_global(*file)) continue;
    drop_ins.push_back({file->substr(file->rfind('/') + 1), *file, edited(*file)});
  }
  drop_ins.push_back({last_drop_in, last_drop_in,
                      "[Unit]\nDefaultDependencies=no\n[Service]\n" + edit.added + "\n" + mark +
                          "=" + name + "\n"});
  const auto written = folder_->write(unit::Where::of_this_boot, name, fragment, drop_ins);
  if (!written) return written.error();
  return name;
}

// What a folder is given in the tick of the clock in which systemd has looked at it, systemd misses
// until the folder changes in a later one.
Result<Properties> EditedUnit::properties_of(const std::string& copy) {
  using Clock = std::chrono::steady_clock;
  constexpr auto some_ticks = std::chrono::milliseconds(100);
  const auto end = Clock::now() + some_ticks;
  auto properties = manager_->service_properties(copy);
  while (properties && !is_read(copy, *properties) && Clock::now() < end) {
    if (const auto another = write({}); !another) return another.error();
    properties = manager_->service_properties(copy);
  }
  if (properties && !is_read(copy, *properties)) {
    return cannot_run("systemd does not read a copy of " + loaded_->unit.name);
  }
  return properties;
}

Result<bool> EditedUnit::sees_what_is_new() {
  if (loaded_->unit.files.empty()) return true;
  if (plain_.empty()) {
    if (auto loaded = load_plain(); !loaded) return loaded.error();
  }
  return sees_what_is_new_;
}

Result<void> EditedUnit::prepare(const std::vector<Edit>& edits) {
  if (loaded_->unit.files.empty()) return {};
  std::set<Edit> fresh;
  for (const auto& edit : edits) {
    if (!edit.is_none() && !copies_.contains(edit)) fresh.insert(edit);
  }
  if (fresh.empty()) return {};
  if (auto opened = open_folder(); !opened) return opened;
  for (const auto& edit : fresh) {
    auto copy = write(edit);
    if (!copy) return copy.error();
    copies_[edit] = *std::move(copy);
  }
  if (plain_.empty()) return load_plain();
  return sees_what_is_new_ ? Result<void>() : make_seen();
}

Result<void> EditedUnit::open_folder() {
  if (folder_) return {};
  auto folder = UnitFolder::open(*manager_);
  if (!folder) return folder.error();
  folder_.emplace(*std::move(folder));
  return {};
}

Result<void> EditedUnit::load_plain() {
  if (auto opened = open_folder(); !opened) return opened;
  const auto copy = write({});
  if (!copy) return copy.error();
  if (auto seen = make_seen(); !seen) return seen;
  auto properties = properties_of(*copy);
  if (!properties) return properties.error();
  plain_ = *std::move(properties);
  return {};
}

// Where systemd looks into a list of its files from before they were written, it makes a new one:
// now, while nothing runs that would have to survive it. What was written last is in a list that
// has all the others.
Result<void> EditedUnit::make_seen() {
  const auto copy = write({});
  if (!copy) return copy.error();
  auto properties = manager_->service_properties(*copy);
  if (!properties) return properties.error();
  sees_what_is_new_ = is_read(*copy, *properties);
  if (!sees_what_is_new_) {
    if (auto reloaded = unit::reload(*manager_); !reloaded) return reloaded;
    properties = properties_of(*copy);
    if (!properties) return properties.error();
  }
  plain_again_ = *std::move(properties);
  return {};
}

Result<std::optional<Settings>> EditedUnit::settings(const Edit& edit) {
  if (edit.is_none()) return std::optional(loaded_->unit.settings);
  if (loaded_->unit.files.empty()) return std::optional<Settings>();
  if (const auto known = known_.find(edit); known != known_.end()) return known->second;
  assert(copies_.contains(edit));
  const auto properties = properties_of(copies_.at(edit));
  if (!properties) return properties.error();
  return known_[edit] = changed_by(*properties, plain_, plain_again_, loaded_->unit.settings);
}

}  // namespace sandproof
