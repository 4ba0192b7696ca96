#include "claim/lifecycle.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <functional>

#include "base/names.h"
#include "base/text.h"
#include "bus/journal.h"
#include "claim/look.h"
#include "claim/words.h"
#include "launch/clone.h"
#include "launch/launcher.h"
#include "launch/stage.h"

namespace sandproof::claim {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// A start or stop takes as long as the unit's own timeouts, which claims scale down.
constexpr auto job_limit = std::chrono::seconds(20);
// For what systemd does by itself after an event.
constexpr auto settle_limit = std::chrono::seconds(2);
// Some of it nobody announces: a thread of PID 1 removes private folders after the job.
constexpr auto look_again_after = milliseconds(10);
constexpr auto journal_limit = std::chrono::seconds(5);

struct Seen {
  bool is_so = false;
  std::string what;
};

std::string text_in(const Properties& properties, const std::string& name) {
  const auto found = properties.find(name);
  return found == properties.end() ? "" : to_string(found->second);
}

// The command line and the like of /proc, where NULs end the words.
std::string with_spaces(std::string text) {
  std::replace(text.begin(), text.end(), '\0', ' ');
  return std::string(trim(text));
}

std::string without_text(const std::vector<std::string>& parts, std::size_t from) {
  return join({parts.begin() + static_cast<std::ptrdiff_t>(from), parts.end()}, " ");
}

class Life {
 public:
  Life(Ground& ground, const Claim& claim, const std::string& suite_standin)
      : ground_(ground), manager_(ground.manager()), claim_(claim), standin_(suite_standin) {}
  ~Life() { end(); }
  Life(const Life&) = delete;
  Life& operator=(const Life&) = delete;

  Result<void> begin() {
    if (!manager_.is_disposable()) {
      return cannot_run("it would start and stop the machine's own unit; use --manager throwaway");
    }
    auto name = ground_.install(claim_.unit);
    if (!name) return name.error();
    own_ = *name;
    return add_unit(own_);
  }

  const std::string& own() const { return own_; }

  Result<void> add_unit(const std::string& name) {
    if (std::find(units_.begin(), units_.end(), name) != units_.end()) return {};
    units_.push_back(name);
    const bool is_own = name == own_;
    auto lines = is_own ? claim_.drop_in : std::vector<std::string>();
    const bool is_service = name.ends_with(".service");
    if (is_service) {
      std::vector<std::string> rules;
      if (is_own && !claim_.standin.empty()) rules.push_back(claim_.standin);
      if (!standin_.empty()) rules.push_back(standin_);
      // Last, since the claim's lines may begin a section of their own.
      if (!rules.empty()) {
        lines.push_back("[Service]");
        lines.push_back("Environment=\"STANDIN=" + join(rules, " | ") + "\"");
      }
    }
    if (!lines.empty()) {
      if (auto added = ground_.add_drop_in(name, lines); !added) return added;
    }
    if (auto refreshed = ground_.refresh(); !refreshed) return refreshed;
    return is_service ? ground_.place_standins(name) : Result<void>();
  }

  Result<Seen> take(const Step& step) {
    std::string name = own_;
    if (!step.unit.empty()) {
      auto installed = ground_.install_beside(claim_.unit, step.unit);
      if (!installed) return installed.error();
      name = *installed;
      if (auto added = add_unit(name); !added) return added.error();
    }
    return take(step, name);
  }

  Result<std::string> job(const std::string& method, const std::string& name) {
    auto& bus = manager_.bus();
    std::string result;
    bus.on_job_end([&](const std::string& unit, const std::string& how) {
      if (unit == name) result = how;
    });
    const auto begin = Clock::now();
    const auto reply = bus.call_manager(method, {Value::text(name), Value::text("replace")});
    if (const auto* error = std::get_if<bus::CallError>(&reply)) {
      bus.on_job_end({});
      return "refused: " + bus::to_string(*error);
    }
    // A job of an earlier step's making may end first.
    const auto is_over = [&] { return !result.empty() && !has_job(name); };
    const auto waited = manager_.loop().run_until(is_over, job_limit);
    last_took_ = std::chrono::duration_cast<Microseconds>(Clock::now() - begin);
    bus.on_job_end({});
    if (!waited) return waited.error();
    if (!*waited) return std::string("no end within 20 s");
    return result;
  }

  // How the claim's unit is doing, for where a step is not as it should be.
  std::string condition() {
    const auto properties = ground_.properties(own_);
    if (!properties) return {};
    return " (" + own_ + " is " + text_in(*properties, "ActiveState") + "/" +
           text_in(*properties, "SubState") + ", result " + text_in(*properties, "Result") +
           ", main status " + text_in(*properties, "ExecMainStatus") + ")";
  }

  // Ends whatever still runs, and takes everything back.
  void end() {
    for (const auto& name : units_) {
      const auto stopped = job("StopUnit", name);
      if (!stopped || *stopped != "done") manager_.kill_unit(name);
      // It also forgets how often the unit has been started: StartLimitBurst=.
      manager_.reset_failed(name);
    }
    units_.clear();
    static_cast<void>(ground_.take_back());
    static_cast<void>(ground_.remove_drop_ins());
  }

 private:
  bool has_job(const std::string& name) {
    const auto properties = manager_.unit_properties(name);
    if (!properties) return false;
    const auto job = properties->find("Job");
    return job != properties->end() && to_string(job->second.elements().at(0)) != "0";
  }

  // "active", "inactive", "failed", "auto-restart", or the two words of systemd.
  std::string state_of(const std::string& name) {
    const auto properties = manager_.unit_properties(name);
    if (!properties) return "unknown";
    const std::string active = text_in(*properties, "ActiveState");
    const std::string sub = text_in(*properties, "SubState");
    if (sub.starts_with("auto-restart")) return "auto-restart";
    if (active == "active" || (active == "inactive" && sub == "dead") ||
        (active == "failed" && sub == "failed")) {
      return active;
    }
    return active + "/" + sub;
  }

  // Looks until it is so, or until the time is up; looks again when systemd tells of a change.
  Seen settle(const std::function<Seen()>& look, Microseconds limit = settle_limit) {
    const auto end = Clock::now() + limit;
    auto& bus = manager_.bus();
    while (true) {
      Seen seen = look();
      if (seen.is_so || Clock::now() >= end) return seen;
      bool has_changed = false;
      bus.on_change([&](const std::string&, const Properties&) { has_changed = true; });
      static_cast<void>(manager_.loop().run_until([&] { return has_changed; }, look_again_after));
      bus.on_change({});
    }
  }

  std::string main_process_file(const std::string& name, const std::string& file) {
    const auto properties = ground_.properties(name);
    if (!properties) return {};
    const auto text =
        manager_.files().read("/proc/" + text_in(*properties, "MainPID") + "/" + file);
    return text ? *text : "";
  }

  std::string user_of(const std::string& name) {
    for (const auto& line : split(main_process_file(name, "status"), '\n')) {
      const auto fields = words(line);
      if (fields.size() > 1 && fields[0] == "Uid:") return fields[1];
    }
    return {};
  }

  Seen runs_as(const std::string& name, const std::string& wanted) {
    const std::string user = user_of(name);
    const auto id = parse_integer(user);
    if (!id) return {false, "no main process"};
    const std::string shown = account_name(manager_.files(), "passwd", static_cast<unsigned>(*id));
    const auto dots = wanted.find("..");
    if (dots == std::string::npos) return {shown == wanted, "runs as " + shown};
    const auto least = parse_integer(std::string_view(wanted).substr(0, dots));
    const auto most = parse_integer(std::string_view(wanted).substr(dots + 2));
    return {least && most && *least <= *id && *id <= *most, "runs as " + user};
  }

  Seen has_property(const std::string& name, const Step& step) {
    const auto properties = ground_.properties(name);
    if (!properties) return {false, properties.error().message};
    const auto& property = step.words[0];
    const auto found = properties->find(property);
    if (found == properties->end()) return {false, "no property " + property};
    return {is_value(property, found->second, without_text(step.words, 1)),
            property + " is " + shown_value(property, found->second)};
  }

  Seen looks_at_path(const std::string& path, bool must_be_there) {
    const auto found = matching(manager_.files(), path);
    if (found.empty()) return {!must_be_there, path + " is not there"};
    return {must_be_there, found.front() + " is there"};
  }

  Seen has_mode(const std::string& path, unsigned most) {
    const auto found = matching(manager_.files(), path);
    Seen seen{!found.empty(), found.empty() ? path + " is not there" : ""};
    for (const auto& name : found) {
      const auto facts = look_at(manager_.files(), name);
      if (!facts) continue;
      seen.is_so = seen.is_so && (facts->mode & ~most) == 0;
      seen.what += (seen.what.empty() ? "" : ", ") + name + " is " + facts->owner + " " +
                   mode_text(facts->mode);
    }
    return seen;
  }

  Result<Seen> attempt(const Step& step) {
    const auto equals = std::find(step.words.begin(), step.words.end(), "=");
    const Attempt attempt{step.words[1], {step.words.begin() + 2, equals}};
    const std::string wanted = join({equals + 1, step.words.end()}, " ");
    auto stage = launch::Stage::make(manager_, {}, ground_.probes());
    if (!stage) return stage.error();
    launch::Launcher launcher(manager_, stage->folder());
    const std::string user = step.words[0] == "root" ? "" : step.words[0];
    const launch::CellJob job{
        "bare", launch::bare_properties({user, {}, {}}), {attempt}, {}, false};
    auto reports = launcher.run({job});
    if (!reports) return reports.error();
    const auto& outcome = reports->front().outcomes.at(attempt);
    const std::string seen = to_string(outcome);
    const bool is_so = seen == wanted || (wanted == "denied" && outcome.is_stopped());
    if (outcome.is_unable()) return cannot_run(to_string(attempt) + ": " + seen);
    return Seen{is_so, step.words[0] + " is " + seen};
  }

  Seen elapses(const std::string& name, const std::string& text) {
    const auto properties = ground_.properties(name);
    const auto range = parse_range(text);
    if (!properties || !range) return {false, "no such timer"};
    const auto next = properties->find("NextElapseUSecMonotonic");
    if (next == properties->end()) return {false, "not a timer"};
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    const auto count = std::get<std::uint64_t>(next->second.data);
    if (count == 0 || count == UINT64_MAX) return {false, "never elapses"};
    const auto rest = Microseconds(static_cast<std::int64_t>(count) - now.tv_sec * 1'000'000 -
                                   now.tv_nsec / 1000);
    return {range->least <= rest && rest <= range->most, "elapses in " + to_string(rest)};
  }

  Seen logged(const std::string& name, const std::string& text) {
    const auto log = bus::journal_of_unit(manager_.files(), name, journal_limit);
    if (!log) return {false, log.error().message};
    for (const auto& entry : *log) {
      const auto message = entry.find("MESSAGE");
      if (message != entry.end() && message->second.find(text) != std::string::npos) {
        return {true, "logged \"" + message->second + "\""};
      }
    }
    return {false, "nothing like \"" + text + "\" is logged"};
  }

  // Whether the stand-in has done what it has to before it waits: it sleeps only then. Until it is
  // executed the main process is systemd's, its systemd-executor's, or by the name "(PROGRAM)" that
  // either takes on; with PrivatePIDs= it is for a moment one that has ended.
  bool is_standin_asleep(const std::string& name) {
    const std::string status = main_process_file(name, "status");
    const std::string line = main_process_file(name, "cmdline");
    const std::string first = line.substr(0, line.find('\0'));
    const bool is_systemd = first.empty() || first.starts_with('(') ||
                            first.ends_with("/systemd") || first.ends_with("/systemd-executor");
    return !is_systemd && status.find("State:\tS") != std::string::npos;
  }

  // Where the manager does not wait for a program to be ready, its stand-in may not even have been
  // executed when the job ends.
  void wait_for_standin(const std::string& name) {
    const auto is_done = [&] {
      const auto properties = manager_.unit_properties(name);
      const bool is_running = properties && text_in(*properties, "SubState") == "running";
      return Seen{!is_running || is_standin_asleep(name), {}};
    };
    settle(is_done, job_limit);
  }

  Result<Seen> run_job(const std::string& method, const std::string& name, bool must_fail) {
    auto result = job(method, name);
    if (!result) return result.error();
    const bool is_done = *result == "done";
    if (is_done && method != "StopUnit" && name.ends_with(".service")) wait_for_standin(name);
    return Seen{is_done != must_fail, *result + " after " + to_string(last_took_)};
  }

  Result<Seen> kill(const std::string& name, const std::string& signal) {
    const auto reply = manager_.bus().call_manager(
        "KillUnit", {Value::text(name), Value::text("main"),
                     Value{"i", std::int64_t{signal_number(signal).value_or(0)}}});
    if (const auto* error = std::get_if<bus::CallError>(&reply)) {
      return Seen{false, bus::to_string(*error)};
    }
    return Seen{true, "killed"};
  }

  Result<Seen> take(const Step& step, const std::string& name) {
    const std::string first = step.words.empty() ? "" : step.words[0];
    switch (step.verb) {
      case Step::Verb::start:
        return run_job("StartUnit", name, false);
      case Step::Verb::start_fails:
        return run_job("StartUnit", name, true);
      case Step::Verb::stop:
        return run_job("StopUnit", name, false);
      case Step::Verb::restart:
        return run_job("RestartUnit", name, false);
      case Step::Verb::kill:
        return kill(name, first);
      case Step::Verb::state:
        return settle([&] {
          const std::string state = state_of(name);
          return Seen{state == first, "is " + state};
        });
      case Step::Verb::took: {
        const auto range = parse_range(first);
        return Seen{range && range->least <= last_took_ && last_took_ <= range->most,
                    "took " + to_string(last_took_)};
      }
      case Step::Verb::exists:
        return settle([&] { return looks_at_path(first, true); });
      case Step::Verb::gone:
        return settle([&] { return looks_at_path(first, false); });
      case Step::Verb::mode:
        return settle([&] { return has_mode(first, parse_mode(step.words[1]).value_or(0)); });
      case Step::Verb::write:
        if (auto written = ground_.write(first, without_text(step.words, 1) + "\n"); !written) {
          return written.error();
        }
        return Seen{true, "written"};
      case Step::Verb::runs:
        return settle([&] {
          const std::string line = with_spaces(main_process_file(name, "cmdline"));
          const bool is_so =
              (" " + line + " ").find(" " + join(step.words, " ") + " ") != std::string::npos;
          return Seen{is_so, line.empty() ? "no main process" : "runs \"" + line + "\""};
        });
      case Step::Verb::user:
        return settle([&] { return runs_as(name, first); });
      case Step::Verb::property:
        return settle([&] { return has_property(name, step); });
      case Step::Verb::attempt:
        return attempt(step);
      case Step::Verb::elapses:
        return settle([&] { return elapses(name, first); });
      case Step::Verb::says:
        return settle([&] { return logged(name, join(step.words, " ")); });
    }
    return Seen{};
  }

  Ground& ground_;
  Manager& manager_;
  const Claim& claim_;
  std::string standin_;
  std::string own_;
  std::vector<std::string> units_;
  Microseconds last_took_{};
};

std::string setting_of(const Claim& claim) {
  std::vector<std::string> parts;
  if (!claim.standin.empty()) parts.push_back("stand-in: " + claim.standin);
  for (const auto& line : claim.drop_in) parts.push_back("with " + line);
  return join(parts, ", ");
}

}  // namespace

Result<Weighed> live_through(Ground& ground, const Claim& claim, const std::string& suite_standin) {
  Life life(ground, claim, suite_standin);
  if (auto begun = life.begin(); !begun) return begun.error();
  std::string evidence = setting_of(claim);
  for (const auto& step : std::get<LifecycleClaim>(claim.kind).steps) {
    const auto seen = life.take(step);
    if (!seen) return seen.error().with_prefix(step.text);
    if (!evidence.empty()) evidence += "; ";
    evidence += step.text + ": " + seen->what;
    if (seen->is_so) continue;
    if (!step.is_claimed) evidence += life.condition();
    return Weighed{step.is_claimed ? ClaimVerdict::refuted : ClaimVerdict::unproven, evidence};
  }
  return Weighed{ClaimVerdict::confirmed, evidence};
}

class Running::State {
 public:
  State(Ground& ground, const Claim& claim, const std::string& suite_standin)
      : life(ground, claim, suite_standin) {}
  Life life;
};

Running::Running(std::unique_ptr<State> state) : state_(std::move(state)) {}
Running::~Running() = default;

Result<std::unique_ptr<Running>> Running::start(Ground& ground, const Claim& claim,
                                                const std::string& suite_standin) {
  std::unique_ptr<Running> running(
      new Running(std::make_unique<State>(ground, claim, suite_standin)));
  if (auto begun = running->state_->life.begin(); !begun) return begun.error();
  const auto started = running->state_->life.job("StartUnit", running->state_->life.own());
  if (!started) return started.error();
  running->is_started_ = *started == "done";
  return running;
}

Result<void> Running::stop() {
  const auto stopped = state_->life.job("StopUnit", state_->life.own());
  if (!stopped) return stopped.error();
  return {};
}

}  // namespace sandproof::claim
