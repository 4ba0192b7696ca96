#include "explain/host_trial.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <string_view>

#include "base/janitor.h"
#include "base/text.h"
#include "unit/reader.h"
#include "unit/unit_folder.h"

namespace sandproof::explain {

namespace {

// Beside what no trial has: what belongs to one unit alone, what outlives a unit or ends with it,
// and what is the machine's.
constexpr std::string_view left_out[] = {"BusName",
                                         "CacheDirectory",
                                         "CacheDirectoryMode",
                                         "ConfigurationDirectory",
                                         "ConfigurationDirectoryMode",
                                         "ExecStopPost",
                                         "FileDescriptorStorePreserve",
                                         "GuessMainPID",
                                         "KillMode",
                                         "LogNamespace",
                                         "LogsDirectory",
                                         "LogsDirectoryMode",
                                         "PIDFile",
                                         "RemoveIPC",
                                         "RuntimeDirectoryPreserve",
                                         "SendSIGKILL",
                                         "StateDirectory",
                                         "StateDirectoryMode",
                                         "TTYColumns",
                                         "TTYPath",
                                         "TTYReset",
                                         "TTYRows",
                                         "TTYVHangup",
                                         "TTYVTDisallocate"};

bool is_left_out(const std::string& directive) {
  return std::find(std::begin(left_out), std::end(left_out), directive) != std::end(left_out);
}

struct Kind {
  std::string_view directive;
  std::string_view folder;
  std::string_view variable;
};
// systemd.exec(5), RuntimeDirectory=.
constexpr Kind kinds[] = {{"CacheDirectory", "/var/cache/", "CACHE_DIRECTORY"},
                          {"ConfigurationDirectory", "/etc/", "CONFIGURATION_DIRECTORY"},
                          {"LogsDirectory", "/var/log/", "LOGS_DIRECTORY"},
                          {"RuntimeDirectory", "/run/", "RUNTIME_DIRECTORY"},
                          {"StateDirectory", "/var/lib/", "STATE_DIRECTORY"}};

std::vector<std::string> folders_of(const Kind& kind, const std::string& value) {
  std::vector<std::string> folders;
  for (const auto& word : words(value)) {
    folders.push_back(std::string(kind.folder) + word.substr(0, word.find(':')));
  }
  return folders;
}

// The specifiers that tell a unit's name: systemd.unit(5). An instance's %i is the clone's, too.
std::string with_names_of(const std::string& unit, const std::string& value) {
  const std::string whole = unit.substr(0, unit.rfind('.'));
  const std::string prefix = whole.substr(0, whole.find('@'));
  std::string text;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char next = value[i] == '%' && i + 1 < value.size() ? value[i + 1] : '\0';
    if (next == '\0') {
      text += value[i];
      continue;
    }
    ++i;
    text += next == 'n'   ? unit
            : next == 'N' ? whole
            : next == 'p' ? prefix
                          : std::string{'%', next};
  }
  return text;
}

// Stops the clone when this process ends, however it ends.
Result<Janitor> undertaker_of(const std::string& name) {
  auto janitor = Janitor::start();
  if (!janitor) return janitor.error();
  const auto arranged = janitor->will_run(
      "exec >/dev/null 2>&1; systemctl kill --signal=KILL " + shell_quote(name) +
      "; systemctl stop " + shell_quote(name) + "; systemctl reset-failed " + shell_quote(name));
  if (!arranged) return arranged.error();
  return janitor;
}

Result<Trial> trial_on_host(Manager& manager, TrialPlan plan) {
  Trial not_tried;
  not_tried.result = "change";
  // What is to be done on the machine is for people to do.
  if (!plan.changes.empty()) return not_tried;
  const std::string name = unit::fresh_name(plan.unit);
  auto folder = unit::UnitFolder::open(manager);
  if (!folder) return folder.error();
  std::vector<unit::UnitFile> drop_ins;
  for (const auto& path : plan.drop_ins) {
    // A drop-in of all services is the clone's, too, unless it has one of that name itself.
    if (!unit::is_global(path)) continue;
    drop_ins.push_back({std::filesystem::path(path).filename().string(), path, ""});
  }
  // Even where nobody is left to stop it, it ends.
  const auto longest = static_cast<long>(plan.seconds + plan.stays) + 5;
  const unit::UnitFile fragment{name, name,
                                clone_of(plan.fragment, plan.unit, manager.files()) +
                                    "RuntimeMaxSec=" + std::to_string(longest) + "s\n"};
  auto written = folder->write(unit::Where::of_this_boot, name, fragment, drop_ins);
  if (!written) return written.error();
  if (auto loaded = unit::load_written(manager, name); !loaded) return loaded.error();
  const auto undertaker = undertaker_of(name);
  if (!undertaker) return undertaker.error();
  plan.unit = name;
  // PID 1 of this machine is not for us to stop.
  plan.trace.reset();
  return run_installed(manager, plan);
}

class OneAfterTheOther : public Batch {
 public:
  OneAfterTheOther(Manager& manager, std::vector<TrialPlan> plans)
      : manager_(manager), plans_(std::move(plans)) {}

  Result<std::vector<Trial>> wait() override {
    std::vector<Trial> trials;
    for (const auto& plan : plans_) {
      auto trial = trial_on_host(manager_, plan);
      if (!trial) return trial.error();
      trials.push_back(*std::move(trial));
    }
    return trials;
  }

 private:
  Manager& manager_;
  std::vector<TrialPlan> plans_;
};

}  // namespace

bool is_untried_on_host(const std::string& directive) {
  static constexpr std::string_view identity[] = {"DynamicUser", "Group", "SupplementaryGroups",
                                                  "User"};
  return is_left_out(directive) ||
         std::find(std::begin(identity), std::end(identity), directive) != std::end(identity);
}

std::string clone_of(const std::string& fragment, const std::string& unit, const RootedFs& files) {
  std::string text;
  std::string section;
  std::string added;
  bool has_own_view = false;
  std::vector<std::string> writable;
  for (const auto& line : unit::read_assignments(fragment)) {
    if (!line.has_equals) continue;
    const std::string value = with_names_of(unit, line.value);
    bool stays = !is_left_out(line.name);
    for (const auto& kind : kinds) {
      if (line.section != "Service" || line.name != kind.directive || value.empty()) continue;
      const auto folders = folders_of(kind, value);
      // What is not there yet is made for the clone, and goes with it.
      stays = kind.directive == "RuntimeDirectory" &&
              std::none_of(folders.begin(), folders.end(),
                           [&files](const std::string& path) { return files.exists(path); });
      if (stays) break;
      added += "Environment=" + std::string(kind.variable) + "=" + join(folders, ":") + "\n";
      writable.insert(writable.end(), folders.begin(), folders.end());
    }
    if (line.section != section) text += "[" + line.section + "]\n";
    section = line.section;
    if (!stays) continue;
    has_own_view |=
        line.name == "ProtectSystem" || line.name == "ReadOnlyPaths" || line.name == "DynamicUser";
    // It would wait for a name that is not its own.
    text += line.name == "Type" && value == "dbus" ? "Type=exec\n" : line.name + "=" + value + "\n";
  }
  // As systemd has them in the unit's view; a unit without one must not get one.
  if (has_own_view && !writable.empty()) added += "ReadWritePaths=-" + join(writable, " -") + "\n";
  return text + added;
}

Result<void> check_not_running(Manager& manager, const std::string& unit) {
  const auto properties = manager.unit_properties(unit);
  if (!properties) return properties.error();
  const auto state = properties->find("ActiveState");
  const std::string value = state == properties->end() ? "" : to_string(state->second);
  if (value.empty() || value == "inactive" || value == "failed") return {};
  return bad_input(unit + " is " + value +
                   " on this machine: its program, started a second time, would meet it at its "
                   "ports and in its files; stop it first, or leave out --manager host");
}

StartTrials on_host(Manager& manager) {
  return [&manager](std::vector<TrialPlan> plans) -> Result<std::unique_ptr<Batch>> {
    return std::unique_ptr<Batch>(std::make_unique<OneAfterTheOther>(manager, std::move(plans)));
  };
}

}  // namespace sandproof::explain
