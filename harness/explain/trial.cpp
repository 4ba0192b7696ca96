#include "explain/trial.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>

#include "base/text.h"
#include "bus/journal.h"
#include "unit/unit_folder.h"

namespace sandproof::explain {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t most_words = 12;
// sd-messages(3).
constexpr std::string_view spawn_failed = "641257651c1b4ec9a8624d7a40a9e1e7";
constexpr std::string_view process_exit = "98e322203f7a4ed290d09fe03c09fe15";
// For what systemd itself needs around a start.
constexpr auto patience = milliseconds(5000);

milliseconds in_milliseconds(double seconds) {
  return milliseconds(static_cast<long>(seconds * 1000));
}

// The throwaway's root is named by its PID 1: /proc/PID/root.
pid_t first_pid_of(const Manager& manager) {
  const auto parts = split(manager.files().name().string(), '/');
  pid_t pid = 0;
  if (parts.size() == 4 && parts[1] == "proc") {
    std::from_chars(parts[2].data(), parts[2].data() + parts[2].size(), pid);
  }
  return pid;
}

Result<int> run_shell(Manager& manager, const std::string& script, double seconds) {
  // The harness's own input and output are not the script's.
  return manager.run_inside({"timeout", "--kill-after=1", std::to_string(std::max(seconds, 0.1)),
                             "/bin/sh", "-c", "exec </dev/null >/dev/null 2>&1; eval \"$1\"", "sh",
                             script});
}

Result<void> install(Manager& manager, const TrialPlan& plan) {
  const auto& files = manager.files();
  for (const auto& drop_in : plan.drop_ins) {
    if (auto removed = files.remove(drop_in); !removed) return removed;
  }
  // Of the folders that systemd looks through again when they have changed, without a reload, the
  // one that wins over the others: systemd.unit(5).
  const std::string path = manager.folders().foremost_units + "/" + plan.unit;
  if (files.exists(path)) {
    if (auto removed = files.remove(path); !removed) return removed;
  }
  if (auto written = files.write_new(path, plan.fragment, 0644); !written) return written;
  auto loaded = unit::load(manager, plan.unit);
  if (loaded && loaded->fragment() != path) {
    // Loaded as a dependency of another unit, from another file.
    if (auto reloaded = unit::reload(manager); !reloaded) return reloaded;
    loaded = unit::load(manager, plan.unit);
  }
  if (!loaded) return loaded.error();
  return loaded->fragment() == path
             ? Result<void>()
             : Result<void>(cannot_run("systemd reads " + loaded->fragment() + " instead of it"));
}

// Follows one unit by the manager's signals.
class Watcher {
 public:
  Watcher(Manager& manager, const std::string& unit) : manager_(manager) {
    manager.bus().on_job_end([this, unit](const std::string& name, const std::string& result) {
      if (name == unit) job_ = result;
    });
    manager.bus().on_change([this, path = bus::Connection::unit_path(unit)](
                                const std::string& changed_path, const Properties& changed) {
      if (changed_path != path) return;
      for (const auto& [name, value] : changed) last_[name] = to_string(value);
    });
  }
  ~Watcher() {
    manager_.bus().on_job_end({});
    manager_.bus().on_change({});
  }
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  const std::string& job() const { return job_; }
  bool is_down() const {
    const auto state = last_.find("ActiveState");
    return state != last_.end() && (state->second == "failed" || state->second == "inactive");
  }
  const std::map<std::string, std::string>& last() const { return last_; }

 private:
  Manager& manager_;
  std::string job_;
  std::map<std::string, std::string> last_;
};

std::string text_of(const Properties& properties, const char* name) {
  const auto found = properties.find(name);
  return found == properties.end() ? std::string() : to_string(found->second);
}

std::string field(const bus::JournalEntry& entry, const char* name) {
  const auto found = entry.find(name);
  return found == entry.end() ? std::string() : found->second;
}

int number_of(const std::string& text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// "Failed at step NAMESPACE spawning /usr/bin/x: No such file or directory"
std::string step_in(const std::string& message) {
  constexpr std::string_view before = "Failed at step ";
  const auto at = message.find(before);
  if (at == std::string::npos) return {};
  const auto rest = message.substr(at + before.size());
  return rest.substr(0, rest.find(' '));
}

// A message without the unit's name before it, and with paths as the unit has them: systemd builds
// its sandbox below a folder of its own.
std::string plain(std::string message, const std::string& unit) {
  if (message.starts_with(unit + ": ")) message.erase(0, unit.size() + 2);
  for (const std::string_view prefix : {"/run/systemd/unit-root", "/run/systemd/mount-rootfs"}) {
    for (auto at = message.find(prefix); at != std::string::npos; at = message.find(prefix, at)) {
      message.erase(at, prefix.size());
    }
  }
  return message;
}

void read_manager_journal(const std::vector<bus::JournalEntry>& entries, const std::string& unit,
                          Trial& trial) {
  std::string first_error;
  std::string last_error;
  for (const auto& entry : entries) {
    const std::string id = field(entry, "MESSAGE_ID");
    const std::string message = plain(field(entry, "MESSAGE"), unit);
    if (id == spawn_failed) {
      trial.step = step_in(message);
      trial.program = field(entry, "EXECUTABLE");
      trial.message = last_error.empty() ? message : last_error;
      trial.is_systemds = true;
    } else if (id == process_exit) {
      const std::string code = field(entry, "EXIT_CODE");
      const int status = number_of(field(entry, "EXIT_STATUS"));
      trial.command = field(entry, "COMMAND");
      trial.exited = code == "exited";
      // A process that is killed has its signal's name there on newer systems.
      if (status != 0) trial.status = status;
      if (trial.message.empty()) trial.message = message;
    } else if (number_of(field(entry, "PRIORITY")) <= 3) {
      last_error = message;
      if (first_error.empty()) first_error = message;
    }
  }
  // systemd has not come to start a process; what it says last is only that it has not.
  if (trial.result == no_resources && trial.message.empty()) trial.message = first_error;
}

void read_own_journal(const std::vector<bus::JournalEntry>& entries, Trial& trial) {
  for (const auto& entry : entries) {
    // systemd's own code speaks as the unit, too, before it is the program.
    if (field(entry, "SYSLOG_IDENTIFIER") == "systemd" || !field(entry, "MESSAGE_ID").empty() ||
        field(entry, "SYSLOG_IDENTIFIER") == "(sd-executor)" || entry.contains("CODE_FUNC")) {
      continue;
    }
    const std::string message = field(entry, "MESSAGE");
    if (!trim(message).empty()) trial.words.push_back(message);
  }
  if (trial.words.size() > most_words) {
    trial.words.erase(trial.words.begin(),
                      trial.words.end() - static_cast<std::ptrdiff_t>(most_words));
  }
}

bus::Speakers speakers_of(const Manager& manager, const TrialPlan& plan, Clock::time_point since) {
  bus::Speakers speakers{plan.unit, since, {}};
  if (manager.is_disposable()) return speakers;
  speakers.names.emplace();
  for (const auto& program : plan.programs) {
    speakers.names->push_back(std::filesystem::path(program).filename().string());
  }
  return speakers;
}

Result<void> learn(Manager& manager, const TrialPlan& plan, const Watcher& watcher,
                   Clock::time_point begin, Trial& trial) {
  const auto service = manager.service_properties(plan.unit);
  if (!service) return service.error();
  // The trial is over; what still writes would keep the journal from ever being up to date.
  manager.kill_unit(plan.unit);
  const auto by_manager = bus::journal_of_unit(manager.files(), plan.unit, patience);
  // A journal that the unit has flooded beyond that has nothing to add to how the unit ended.
  const auto by_unit =
      by_manager
          ? bus::journal_by_unit(manager.files(), speakers_of(manager, plan, begin), patience)
          : Result<std::vector<bus::JournalEntry>>(by_manager.error());
  // A unit that systemd has forgotten by now says nothing, its last signal did.
  const auto last = watcher.last().find("Result");
  trial.result = last != watcher.last().end() ? last->second : text_of(*service, "Result");
  if (trial.starts) {
    if (by_unit) read_own_journal(*by_unit, trial);
    return {};
  }
  trial.status = number_of(text_of(*service, "ExecMainStatus"));
  trial.exited = text_of(*service, "ExecMainCode") == std::to_string(CLD_EXITED);
  if (!by_unit) return {};
  read_manager_journal(*by_manager, plan.unit, trial);
  // On some versions the child's own words carry the unit only as their origin.
  if (!trial.is_systemds) read_manager_journal(*by_unit, plan.unit, trial);
  read_own_journal(*by_unit, trial);
  return {};
}

// Whether the unit came up and stayed up; `why` has the result where it did not.
Result<bool> comes_up(Manager& manager, const TrialPlan& plan, Watcher& watcher, Trial& trial,
                      std::string& why) {
  const auto begin = Clock::now();
  const auto left_of = [&](double seconds) {
    return in_milliseconds(seconds) -
           std::chrono::duration_cast<milliseconds>(Clock::now() - begin);
  };
  auto job = manager.loop().run_until([&] { return !watcher.job().empty(); },
                                      in_milliseconds(plan.seconds) + patience);
  if (!job) return job.error();
  if (!*job) {
    why = "timeout";
    return false;
  }
  const auto state = manager.unit_properties(plan.unit);
  if (!state) return state.error();
  if (text_of(*state, "ConditionResult") == "no" && text_of(*state, "ConditionTimestamp") != "0") {
    why = "condition";
    return false;
  }
  if (watcher.job() != "done") {
    why = watcher.job();
    return false;
  }
  // A start that leaves no process behind has nothing more to wait for.
  if (text_of(*state, "SubState") == "exited") return true;
  bool is_down = false;
  const auto stays = [&](milliseconds limit) -> Result<void> {
    auto down = manager.loop().run_until([&] { return watcher.is_down(); },
                                         std::max(limit, milliseconds(0)));
    if (!down) return down.error();
    is_down = *down;
    return {};
  };
  if (plan.health.empty()) {
    if (auto watched = stays(left_of(plan.stays)); !watched) return watched.error();
  } else {
    bool is_healthy = false;
    for (auto left = left_of(plan.seconds); !is_down && left > milliseconds(0);
         left = left_of(plan.seconds)) {
      const auto status = run_shell(manager, plan.health, static_cast<double>(left.count()) / 1000);
      if (!status) return status.error();
      is_healthy = *status == 0;
      if (is_healthy) break;
      if (auto watched = stays(std::min(left, milliseconds(100))); !watched) {
        return watched.error();
      }
    }
    if (!is_healthy && !is_down) {
      why = "health";
      return false;
    }
  }
  trial.runs_on = !is_down;
  if (!is_down) return true;
  const auto result = manager.service_properties(plan.unit);
  if (!result) return result.error();
  const auto last = watcher.last().find("Result");
  return (last != watcher.last().end() ? last->second : text_of(*result, "Result")) == "success";
}

}  // namespace

Result<Trial> run_trial(Manager& manager, const TrialPlan& plan) {
  for (const auto& script : plan.before) {
    const auto status = run_shell(manager, script, 30);
    if (!status) return status.error();
    if (*status != 0) {
      return bad_input("what was to be done before the start failed with " +
                       std::to_string(*status) + ": " + script);
    }
  }
  for (const auto& script : plan.changes) {
    const auto status = run_shell(manager, script, 30);
    if (!status) return status.error();
    if (*status != 0) {
      Trial trial;
      trial.result = "change";
      return trial;
    }
  }
  if (auto installed = install(manager, plan); !installed) {
    return installed.error().with_prefix("cannot install " + plan.unit);
  }
  return run_installed(manager, plan);
}

Result<Trial> run_installed(Manager& manager, const TrialPlan& plan) {
  std::unique_ptr<Tracer> tracer;
  if (plan.trace && first_pid_of(manager) > 0) {
    auto started = Tracer::start(first_pid_of(manager), *plan.trace);
    if (!started) return started.error();
    tracer = *std::move(started);
  }
  Trial trial;
  const auto begin = Clock::now();
  Watcher watcher(manager, plan.unit);
  const auto reply =
      manager.bus().call_manager("StartUnit", {Value::text(plan.unit), Value::text("replace")});
  if (const auto* error = std::get_if<bus::CallError>(&reply)) {
    return bad_input("systemd does not start " + plan.unit + ": " + bus::to_string(*error));
  }
  std::string why;
  const auto up = comes_up(manager, plan, watcher, trial, why);
  if (!up) return up.error();
  trial.starts = *up;
  const auto end = Clock::now();
  trial.seconds = std::chrono::duration<double>(end - begin).count();
  trial.ended = std::chrono::duration<double>(end.time_since_epoch()).count();
  if (auto learned = learn(manager, plan, watcher, begin, trial); !learned) return learned.error();
  if (!why.empty() && (trial.result.empty() || trial.result == "success")) trial.result = why;
  if (tracer != nullptr) {
    trial.trace = tracer->take();
    // The tracer ends with the processes that it follows, so these end first.
    kill(first_pid_of(manager), SIGKILL);
  }
  return trial;
}

bool is_same_failure(const Trial& one, const Trial& other) {
  return one.result == other.result && one.command == other.command && one.step == other.step &&
         one.exited == other.exited && one.status == other.status && one.message == other.message;
}

}  // namespace sandproof::explain
