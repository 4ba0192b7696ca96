#include "unit/load.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <utility>
#include <variant>

#include "base/text.h"
#include "bus/journal.h"
#include "unit/evaluate.h"
#include "unit/known.h"
#include "unit/reader.h"
#include "unit/request.h"
#include "unit/sockets.h"
#include "unit/unit_folder.h"

namespace sandproof {

namespace {

using unit::Line;
using unit::Loaded;
using unit::Request;
using unit::UnitFile;
using unit::UnitFolder;

constexpr auto journal_limit = std::chrono::seconds(5);
// sd-messages.h: SD_MESSAGE_INVALID_CONFIGURATION.
constexpr const char* invalid_configuration = "c772d24e9a884cbeb9ea12625c306c01";

class Loader {
 public:
  Loader(Manager& manager, const Properties& pristine) : manager_(manager), pristine_(pristine) {}

  Result<LoadedUnit> load(const Request& request) {
    auto loaded = load_request(request);
    if (!loaded) return loaded.error();
    if (auto refused = check_found(request, *loaded); !refused) return refused.error();
    auto files = read_files(*loaded);
    if (!files) return files.error();
    auto log = log_of(*loaded, *files);
    if (auto refused = check_loaded(request, *loaded, log); !refused) return refused.error();
    return finish(request, *std::move(loaded), *files, log);
  }

 private:
  using Log = std::vector<bus::JournalEntry>;

  bool is_loaded(const std::string& name) {
    const auto reply = manager_.bus().call_manager("GetUnit", {Value::text(name)});
    return std::holds_alternative<std::vector<Value>>(reply);
  }

  Result<Loaded> load_request(const Request& request) {
    if (!request.has_files()) return unit::load(manager_, request.unit);
    return manager_.is_disposable() ? load_in_place(request) : load_aside(request);
  }

  // In a throwaway the files take the place that they would have where they are installed.
  Result<Loaded> load_in_place(const Request& request) {
    const bool is_stale = is_loaded(request.unit);
    auto folder = UnitFolder::open(manager_);
    if (!folder) return folder.error();
    if (request.socket) {
      const auto written =
          folder->write(unit::Where::foremost, request.socket->name, request.socket, {});
      if (!written) return written.error();
    }
    if (auto written =
            write(*folder, unit::Where::foremost, request.unit, request.fragment, request.drop_ins);
        !written) {
      return written.error();
    }
    // Without a fragment of its own a unit is found in a list that does not have the drop-ins yet.
    if (is_stale || !request.fragment) {
      if (auto reloaded = unit::reload(manager_); !reloaded) return reloaded.error();
    }
    auto loaded = unit::load_written(manager_, request.unit);
    if (!loaded || !request.fragment) return loaded;
    return without_installed_drop_ins(*std::move(loaded));
  }

  // The machine may have drop-ins for a unit of this name: they are not the file's.
  Result<Loaded> without_installed_drop_ins(Loaded loaded) {
    bool is_changed = false;
    for (const auto& path : loaded.drop_ins()) {
      if (shown_.contains(path) || unit::is_global(path)) continue;
      if (auto removed = manager_.files().remove(path); !removed) return removed.error();
      is_changed = true;
    }
    if (!is_changed) return loaded;
    if (auto reloaded = unit::reload(manager_); !reloaded) return reloaded.error();
    return unit::load(manager_, loaded.name);
  }

  // On a host the unit of this name is left alone.
  Result<Loaded> load_aside(const Request& request) {
    auto fragment = request.fragment;
    auto drop_ins = request.drop_ins;
    if (!fragment) {
      auto installed = unit::load(manager_, request.unit);
      if (!installed) return installed;
      if (auto refused = check_found(request, *installed); !refused) return refused.error();
      auto files = read_files(*installed);
      if (!files) return files.error();
      fragment = files->front();
      for (auto file = files->begin() + 1; file != files->end(); ++file) {
        if (!unit::is_global(file->shown)) drop_ins.push_back(*file);
      }
    }
    notes_.push_back(
        "loaded under a name of its own, so what its files make of the unit's name "
        "differs: %n, %N, %p, and the name of a dynamic user");
    auto folder = UnitFolder::open(manager_);
    if (!folder) return folder.error();
    const auto copy = write_copy(*folder, request.unit, *fragment, drop_ins);
    if (!copy) return copy.error();
    return unit::load_written(manager_, *copy);
  }

  // Answers the copy's name.
  Result<std::string> write_copy(UnitFolder& folder, const std::string& like, UnitFile fragment,
                                 const std::vector<UnitFile>& drop_ins) {
    const std::string name = unit::fresh_name(like);
    const std::string parent = unit::template_of(name);
    fragment.name = parent.empty() ? name : parent;
    if (auto written = write(folder, unit::Where::of_this_boot, name, fragment, drop_ins);
        !written) {
      return written.error();
    }
    return name;
  }

  Result<void> write(UnitFolder& folder, unit::Where where, const std::string& name,
                     const std::optional<UnitFile>& fragment,
                     const std::vector<UnitFile>& drop_ins) {
    const auto paths = folder.write(where, name, fragment, drop_ins);
    if (!paths) return paths.error();
    auto path = paths->begin();
    const auto remember = [&](const UnitFile& file) {
      shown_[*path] = file.shown;
      contents_[*path++] = file.content;
    };
    if (fragment) remember(*fragment);
    for (const auto& drop_in : drop_ins) remember(drop_in);
    return {};
  }

  std::string shown(const std::string& path) const {
    const auto found = shown_.find(path);
    return found == shown_.end() ? path : found->second;
  }

  // The fragment and the drop-ins, as systemd applied them.
  Result<std::vector<UnitFile>> read_files(const Loaded& loaded) {
    std::vector<std::string> paths = loaded.drop_ins();
    if (!loaded.fragment().empty()) paths.insert(paths.begin(), loaded.fragment());
    std::vector<UnitFile> files;
    for (const auto& path : paths) {
      const std::string name = std::filesystem::path(path).filename().string();
      // What was written on a host is gone again.
      const auto written = contents_.find(path);
      if (written != contents_.end()) {
        files.push_back({name, shown(path), written->second});
        continue;
      }
      auto content = manager_.files().read(path);
      if (!content) return content.error();
      files.push_back({name, shown(path), *std::move(content)});
    }
    return files;
  }

  // Read from a copy by a name that was never loaded: it has no older log, and what was loaded
  // before the journal ran, or an hour ago, is there like the rest.
  Log log_of(const Loaded& loaded, const std::vector<UnitFile>& files) {
    if (files.empty() || loaded.fragment().empty()) return {};
    if (contents_.contains(loaded.fragment()) && !manager_.is_disposable()) {
      return read_log(loaded.name, loaded.name);
    }
    std::vector<UnitFile> drop_ins;
    std::copy_if(files.begin() + 1, files.end(), std::back_inserter(drop_ins),
                 [](const auto& file) { return !unit::is_global(file.shown); });
    auto folder = UnitFolder::open(manager_);
    if (!folder) return say_no_log(folder.error());
    const auto copy = write_copy(*folder, loaded.name, files.front(), drop_ins);
    if (!copy) return say_no_log(copy.error());
    if (auto read = unit::make_read(manager_, *copy); !read) return say_no_log(read.error());
    return read_log(*copy, loaded.name);
  }

  Log read_log(const std::string& copy, const std::string& name) {
    const char* field = manager_.facts().user.empty() ? "UNIT" : "USER_UNIT";
    auto log = bus::journal_of_unit(manager_.files(), copy, journal_limit, field);
    if (!log) return say_no_log(log.error());
    for (auto& entry : *log) {
      auto& message = entry["MESSAGE"];
      for (const auto& [path, shown_path] : shown_) replace_all(message, path, shown_path);
      replace_all(message, copy, name);
    }
    return *std::move(log);
  }

  Log say_no_log(const Error& error) {
    notes_.push_back(
        "what systemd logged when it loaded the unit is not known, so an assignment "
        "that it ignores may look as if it were in force: " +
        error.message);
    return {};
  }

  static void replace_all(std::string& text, const std::string& from, const std::string& to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
      text.replace(at, from.size(), to);
    }
  }

  static Result<void> check_found(const Request& request, const Loaded& loaded) {
    if (loaded.state() == "masked") {
      return bad_input(request.unit + " is masked, so it has no settings; unmask it first");
    }
    if (loaded.state() != "not-found") return {};
    if (!request.drop_ins.empty()) {
      return bad_input(request.drop_ins.front().shown + " is a drop-in for " + request.unit +
                       ", which is not installed");
    }
    return bad_input("systemd knows no unit " + request.unit +
                     "; name an installed service or the path of a unit file");
  }

  static std::string what_is_refused(const Request& request) {
    if (request.fragment) return request.fragment->shown;
    if (!request.drop_ins.empty()) return request.drop_ins.front().shown;
    return request.unit;
  }

  static Result<void> check_loaded(const Request& request, const Loaded& loaded, const Log& log) {
    if (loaded.state() == "loaded") return {};
    std::string last;
    std::string place;
    for (const auto& entry : log) {
      const auto message = entry.find("MESSAGE");
      if (message == entry.end()) continue;
      (entry.contains("CONFIG_FILE") ? place : last) = message->second;
    }
    if (last.starts_with(loaded.name + ": ")) last.erase(0, loaded.name.size() + 2);
    std::vector<std::string> reasons;
    for (const auto& reason : {last, place}) {
      if (!reason.empty()) reasons.push_back(reason);
    }
    if (reasons.empty()) reasons.push_back("its LoadState is " + loaded.state());
    return bad_input(what_is_refused(request) +
                     ": systemd refuses to load it: " + join(reasons, " "));
  }

  std::vector<Line> lines_of(const std::vector<UnitFile>& files, const Log& log) const {
    std::map<std::pair<std::string, int>, std::vector<std::string>> said;
    for (const auto& entry : log) {
      const auto id = entry.find("MESSAGE_ID");
      const auto file = entry.find("CONFIG_FILE");
      const auto line = entry.find("CONFIG_LINE");
      if (id == entry.end() || id->second != invalid_configuration || file == entry.end() ||
          line == entry.end()) {
        continue;
      }
      std::string message = entry.at("MESSAGE");
      const std::string place = shown(file->second) + ":" + line->second + ": ";
      if (message.starts_with(place)) message.erase(0, place.size());
      // systemd reads the file again whenever it is asked about a unit that nothing holds.
      auto& messages = said[{shown(file->second), std::atoi(line->second.c_str())}];
      if (std::find(messages.begin(), messages.end(), message) == messages.end()) {
        messages.push_back(std::move(message));
      }
    }
    std::vector<Line> lines;
    for (const auto& file : files) {
      for (auto& assignment : unit::read_assignments(file.content)) {
        auto messages = said.find({file.shown, assignment.last_line});
        lines.push_back({file.shown, std::move(assignment), {}});
        if (messages != said.end()) lines.back().log = messages->second;
      }
    }
    return lines;
  }

  Result<LoadedUnit> finish(const Request& request, Loaded loaded,
                            const std::vector<UnitFile>& files, const Log& log) {
    const auto known = unit::known_names(manager_);
    if (!known) return known.error();
    LoadedUnit result;
    // The name that the user knows, also where it is loaded under another.
    result.unit.name = request.has_files() ? request.unit : loaded.name;
    result.unit.manager_user = manager_.facts().user;
    for (const auto& file : files) {
      result.unit.files.push_back(file.shown);
      result.sources[file.shown] = file.content;
      if (unit::is_global(file.shown)) {
        notes_.push_back(file.shown + " applies to every service of the machine");
      }
    }
    if (!manager_.is_disposable() && Settings(loaded.unit, {}).boolean("NeedDaemonReload")) {
      notes_.push_back(
          "its files have changed since systemd read them (systemctl daemon-reload): "
          "what is checked is what systemd has");
    }
    result.unit.settings = Settings(std::move(loaded.service), pristine_);
    auto evaluation = unit::evaluate(lines_of(files, log), *known, result.unit.settings,
                                     manager_.facts().systemd);
    result.unit.directives = std::move(evaluation.directives);
    result.unit.exempt = std::move(evaluation.exempt);
    result.unit.not_of_the_sandbox = std::move(evaluation.not_of_the_sandbox);
    for (auto& note : unit::notes_on_sockets(manager_, result.unit, loaded.unit)) {
      notes_.push_back(std::move(note));
    }
    result.notes = std::move(notes_);
    result.notes.insert(result.notes.end(), evaluation.notes.begin(), evaluation.notes.end());
    return result;
  }

  Manager& manager_;
  const Properties& pristine_;
  // Of what was written for the manager: its path → the user's path, and what it says.
  std::map<std::string, std::string> shown_;
  std::map<std::string, std::string> contents_;
  std::vector<std::string> notes_;
};

}  // namespace

Result<LoadedUnit> load_unit(Manager& manager, const std::string& what,
                             const Properties& pristine) {
  const auto request = unit::read_request(what);
  if (!request) return request.error();
  return Loader(manager, pristine).load(*request);
}

}  // namespace sandproof
