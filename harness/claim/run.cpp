#include "claim/run.h"

#include <algorithm>
#include <cstdlib>
#include <set>

#include "base/text.h"
#include "claim/lifecycle.h"
#include "claim/look.h"
#include "claim/words.h"
#include "unit/known.h"
#include "unit/unit_folder.h"

namespace sandproof::claim {

// The attempts of one unit under one set of drop-in lines, all made together.
struct SuiteRun::Group {
  std::string unit;
  std::vector<std::string> drop_in;
  // Only while attempts are made: its bystander is a process of the unit's user, and systemd
  // removes a user's IPC objects with the last of the user's processes.
  std::unique_ptr<Scene> scene;
  guarantee::Bystander bystander;
  std::map<Attempt, Square> squares;
  std::map<std::string, std::map<Attempt, Alone>> alone;  // by directive
};

namespace {

std::string value_of(const guarantee::Bystander& bystander, const std::string& name) {
  if (name == "root-pid") return std::to_string(bystander.root_pid);
  if (name == "user-pid") return std::to_string(bystander.user_pid);
  if (name == "tcp-port") return bystander.tcp_port;
  if (name == "abstract-socket") return bystander.abstract_socket;
  if (name == "shm-key") return bystander.shm_key;
  if (name == "tmp-file") return bystander.tmp_file;
  if (name == "var-tmp-file") return bystander.var_tmp_file;
  if (name == "dev-shm-file") return bystander.dev_shm_file;
  const auto found = bystander.namespaces.find(name.substr(name.find(':') + 1));
  return found == bystander.namespaces.end() ? "" : found->second;
}

Attempt filled_in(Attempt attempt, const guarantee::Bystander& bystander) {
  for (auto& argument : attempt.args) {
    std::size_t at = 0;
    while ((at = argument.find("${", at)) != std::string::npos) {
      const auto end = argument.find('}', at);
      const std::string value = value_of(bystander, argument.substr(at + 2, end - at - 2));
      argument.replace(at, end + 1 - at, value);
      at += value.size();
    }
  }
  return attempt;
}

// The settings with nothing of the unit in force but the directive and the user.
Settings only(const Settings& settings, const std::string& directive) {
  std::set<std::string> kept = {"User",
                                "Group",
                                "SupplementaryGroups",
                                directive,
                                unit::property_of(directive),
                                unit::property_of(directive) + "Ex"};
  // Without it a filter kills where the unit's own answers with an errno.
  if (directive == "SystemCallFilter") kept.insert("SystemCallErrorNumber");
  Settings result = settings;
  const auto changed = settings.changed();
  for (const auto& name : changed) {
    if (!kept.contains(name)) result = result.without(name);
  }
  return result;
}

}  // namespace

std::filesystem::path root_folder(const std::string& root) {
  if (root.find('/') != std::string::npos) return root;
  // As scripts/rootfs has it.
  if (const char* folder = std::getenv("SANDPROOF_ROOTFS")) {
    return std::filesystem::path(folder) / root;
  }
  const char* cache = std::getenv("XDG_CACHE_HOME");
  return std::filesystem::path(cache != nullptr ? cache : "/var/cache") / "sandproof/rootfs" / root;
}

std::vector<std::string> probe_names(const std::filesystem::path& folder) {
  static const std::set<std::string> helpers = {"runner", "bystander", "standin"};
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    // A build tree has other things beside the programs.
    if (!entry.is_regular_file(error) || name.find('.') != std::string::npos) continue;
    if (!helpers.contains(name)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

SuiteRun::SuiteRun(Suite suite, RunOptions options)
    : suite_(std::move(suite)), options_(std::move(options)) {}

SuiteRun::~SuiteRun() = default;

const ManagerFacts* SuiteRun::facts() const {
  return ground_ != nullptr ? &ground_->manager().facts() : nullptr;
}

Result<void> SuiteRun::begin() {
  if (failure_) return *failure_;
  if (ground_ != nullptr) return {};
  const auto fail = [this](Error error, bool is_untestable) {
    failure_ = std::move(error);
    is_untestable_ = is_untestable;
    return *failure_;
  };
  std::string root;
  if (!suite_.root.empty() && suite_.root != options_.release) {
    root = root_folder(suite_.root).string();
    std::error_code error;
    if (!std::filesystem::is_directory(root, error)) {
      return fail(cannot_run("there is no root file system " + root + ": run scripts/rootfs " +
                             suite_.root),
                  true);
    }
  }
  auto manager = options_.open_manager(root);
  if (!manager) return fail(manager.error(), false);
  const int version = (*manager)->facts().systemd;
  if (version < suite_.systemd) {
    return fail(cannot_run("it is about systemd " + std::to_string(suite_.systemd) +
                           " and later, and this is " + std::to_string(version)),
                true);
  }
  auto ground = Ground::make(suite_, *std::move(manager), options_.probes);
  if (!ground) return fail(ground.error(), false);
  ground_ = *std::move(ground);
  return {};
}

ClaimResult SuiteRun::run(const Claim& claim) {
  ClaimResult result;
  result.id = claim.id;
  result.says = claim.says;
  result.source = suite_.document.empty() ? claim.source : suite_.document + ": " + claim.source;
  result.unit = std::filesystem::path(claim.unit).filename().string();
  result.expected = claim.expected;
  result.because = claim.because;
  if (auto begun = begin(); !begun) {
    result.verdict = is_untestable_ ? ClaimVerdict::untestable : ClaimVerdict::unproven;
    result.evidence = begun.error().message;
    return result;
  }
  const auto weighed = weigh_claim(claim);
  if (!weighed) {
    result.evidence = "could not be tried: " + weighed.error().message;
    return result;
  }
  result.verdict = weighed->verdict;
  result.evidence = weighed->evidence;
  return result;
}

Result<Weighed> SuiteRun::weigh_claim(const Claim& claim) {
  if (const auto* attempt = std::get_if<AttemptClaim>(&claim.kind)) {
    return weigh_attempt(claim, *attempt);
  }
  if (const auto* property = std::get_if<PropertyClaim>(&claim.kind)) {
    return weigh_property(claim, *property);
  }
  if (const auto* state = std::get_if<UnitStateClaim>(&claim.kind)) return weigh_unit_state(*state);
  if (const auto* path = std::get_if<PathClaim>(&claim.kind)) return weigh_path(claim, *path);
  if (const auto* sysctl = std::get_if<SysctlClaim>(&claim.kind)) return weigh_sysctl(*sysctl);
  if (const auto* syscall = std::get_if<SyscallClaim>(&claim.kind)) return weigh_syscall(*syscall);
  return live_through(*ground_, claim, suite_.standin);
}

Result<SuiteRun::Group*> SuiteRun::group_of(const std::string& unit,
                                            const std::vector<std::string>& drop_in) {
  for (const auto& group : groups_) {
    if (group->unit == unit && group->drop_in == drop_in) return group.get();
  }
  auto loaded = ground_->load(unit, drop_in);
  if (!loaded) return loaded.error();
  auto scene = Scene::set(ground_->manager(), *std::move(loaded), {options_.probes, false});
  if (!scene) return scene.error();
  auto group = std::make_unique<Group>();
  group->unit = unit;
  group->drop_in = drop_in;
  group->scene = *std::move(scene);
  group->bystander = group->scene->subject().bystander;
  groups_.push_back(std::move(group));
  return groups_.back().get();
}

// All that the suite claims of the unit, since cells run many attempts as quickly as one.
Result<void> SuiteRun::run_attempts_of(Group& group) {
  std::vector<const AttemptClaim*> claims;
  std::set<Attempt> attempts;
  for (const auto& claim : suite_.claims) {
    const auto* attempt = std::get_if<AttemptClaim>(&claim.kind);
    if (attempt == nullptr || claim.unit != group.unit || claim.drop_in != group.drop_in) continue;
    claims.push_back(attempt);
    attempts.insert(filled_in(attempt->attempt, group.bystander));
  }
  auto squares = group.scene->run({attempts.begin(), attempts.end()});
  if (!squares) return squares.error();
  group.squares = std::move(squares->squares);
  auto done = run_alone(group, claims);
  group.scene.reset();
  return done;
}

Result<void> SuiteRun::run_alone(Group& group, const std::vector<const AttemptClaim*>& claims) {
  std::map<std::string, std::set<Attempt>> attempts;
  for (const auto* claim : claims) {
    for (const auto& directive : claim->by) {
      attempts[directive].insert(filled_in(claim->attempt, group.bystander));
    }
  }
  for (const auto& [directive, set] : attempts) {
    const std::vector<Attempt> of_directive(set.begin(), set.end());
    const auto outcomes = group.scene->run_variants(
        {{only(group.scene->unit().settings, directive), {of_directive, of_directive}}});
    if (!outcomes) return outcomes.error();
    for (const auto& attempt : set) {
      group.alone[directive][attempt] = {outcomes->front().user.outcomes.at(attempt),
                                         outcomes->front().root.outcomes.at(attempt)};
    }
  }
  return {};
}

Result<Weighed> SuiteRun::weigh_attempt(const Claim& claim, const AttemptClaim& attempt) {
  auto group = group_of(claim.unit, claim.drop_in);
  if (!group) return group.error();
  if ((*group)->squares.empty()) {
    if (auto ran = run_attempts_of(**group); !ran) return ran.error();
  }
  const auto made = filled_in(attempt.attempt, (*group)->bystander);
  std::map<std::string, Alone> alone;
  for (const auto& directive : attempt.by) alone[directive] = (*group)->alone[directive][made];
  auto weighed = weigh(attempt, (*group)->squares.at(made), alone);
  weighed.evidence = to_string(attempt.attempt) + ": " + weighed.evidence;
  for (const auto& line : claim.drop_in) weighed.evidence += "; with " + line;
  return weighed;
}

Result<Square> SuiteRun::square_of(const std::string& unit, const Attempt& attempt) {
  if (auto begun = begin(); !begun) return begun.error();
  auto group = group_of(unit, {});
  if (!group) return group.error();
  const auto made = filled_in(attempt, (*group)->bystander);
  const auto squares = (*group)->scene->run({made});
  if (!squares) return squares.error();
  return squares->squares.at(made);
}

Result<Weighed> SuiteRun::weigh_property(const Claim& claim, const PropertyClaim& property) {
  if (property.of_manager) {
    const auto value = ground_->manager().bus().get_manager_property(property.name);
    return weigh(property, value ? &*value : nullptr);
  }
  auto name = ground_->install(claim.unit);
  if (!name) return name.error();
  if (!claim.drop_in.empty()) {
    if (auto added = ground_->add_drop_in(*name, claim.drop_in); !added) return added.error();
  }
  const auto properties = ground_->properties(*name);
  if (!claim.drop_in.empty()) {
    if (auto removed = ground_->remove_drop_ins(); !removed) return removed.error();
  }
  if (!properties) return properties.error();
  // systemd answers for a unit that is not there, too: with the defaults.
  if (const auto state = properties->find("LoadState"); state != properties->end()) {
    if (to_string(state->second) == "not-found") {
      return bad_input("systemd knows no unit " + *name);
    }
  }
  // As D-Bus has the name, or as unit files have it.
  auto found = properties->find(property.name);
  if (found == properties->end()) found = properties->find(unit::property_of(property.name));
  auto weighed = weigh(property, found == properties->end() ? nullptr : &found->second);
  for (const auto& line : claim.drop_in) weighed.evidence += "; with " + line;
  return weighed;
}

Result<Weighed> SuiteRun::weigh_unit_state(const UnitStateClaim& state) {
  const auto properties = ground_->properties(state.unit);
  if (!properties) return properties.error();
  const auto text = [&properties](const char* name) {
    const auto found = properties->find(name);
    return found == properties->end() ? std::string() : to_string(found->second);
  };
  const std::string load = text("LoadState");
  const std::string file = text("UnitFileState");
  const std::string active = text("ActiveState");
  const bool is_so = state.is == file || state.is == active || state.is == load ||
                     (state.is == "absent" && load == "not-found");
  return Weighed{is_so ? ClaimVerdict::confirmed : ClaimVerdict::refuted,
                 state.unit + " is " + load + (file.empty() ? "" : ", " + file) + ", " + active};
}

namespace {

// Everything that is not as it should be.
std::vector<std::string> complaints_of(const PathClaim& claim, const FileFacts& facts) {
  std::vector<std::string> complaints;
  if (!claim.owner.empty() && facts.owner != claim.owner) {
    complaints.push_back("is " + facts.owner + "'s, not " + claim.owner + "'s");
  }
  if (claim.mode && (facts.mode & ~*claim.mode) != 0) {
    complaints.push_back("has mode " + mode_text(facts.mode) + ", more than " +
                         mode_text(*claim.mode));
  }
  if (claim.no_symlinks && !facts.symlink_on_the_way.empty()) {
    complaints.push_back("leads through the symlink " + facts.symlink_on_the_way);
  }
  const bool is_below =
      claim.below.empty() ||
      std::any_of(claim.below.begin(), claim.below.end(), [&facts](const std::string& folder) {
        return facts.path == folder || facts.path.starts_with(folder + "/");
      });
  if (!is_below) complaints.push_back("is below none of " + join(claim.below, ", "));
  return complaints;
}

Weighed weigh_paths(const PathClaim& claim, const RootedFs& files) {
  const auto found = matching(files, claim.path);
  if (found.empty()) {
    return {claim.must_exist ? ClaimVerdict::refuted : ClaimVerdict::confirmed,
            claim.path + " is not there"};
  }
  if (!claim.must_exist) return {ClaimVerdict::refuted, found.front() + " is there"};
  Weighed result{ClaimVerdict::confirmed, {}};
  for (const auto& path : found) {
    const auto facts = look_at(files, path);
    if (!facts) continue;
    if (!result.evidence.empty()) result.evidence += "; ";
    result.evidence += path + " is " + facts->owner + " " + mode_text(facts->mode);
    const auto complaints = complaints_of(claim, *facts);
    if (complaints.empty()) continue;
    result.verdict = ClaimVerdict::refuted;
    result.evidence += ": " + join(complaints, ", ");
  }
  return result;
}

std::string when_text(When when) {
  switch (when) {
    case When::before:
      break;
    case When::running:
      return "while the unit runs: ";
    case When::after:
      return "after the unit has run: ";
  }
  return {};
}

}  // namespace

Result<Weighed> SuiteRun::weigh_path(const Claim& claim, const PathClaim& path) {
  std::unique_ptr<Running> running;
  if (path.when != When::before) {
    auto started = Running::start(*ground_, claim, suite_.standin);
    if (!started) return started.error();
    running = *std::move(started);
    if (!running->is_started()) return cannot_run("the unit does not start");
    if (path.when == When::after) {
      if (auto stopped = running->stop(); !stopped) return stopped.error();
    }
  } else if (!claim.unit.empty()) {
    if (auto installed = ground_->install(claim.unit); !installed) return installed.error();
  }
  auto weighed = weigh_paths(path, ground_->manager().files());
  weighed.evidence = when_text(path.when) + weighed.evidence;
  return weighed;
}

Result<Weighed> SuiteRun::weigh_sysctl(const SysctlClaim& sysctl) {
  std::string path = sysctl.name;
  std::replace(path.begin(), path.end(), '.', '/');
  const auto text = ground_->manager().files().read("/proc/sys/" + path);
  if (!text) {
    return Weighed{ClaimVerdict::untestable, "this kernel has no " + sysctl.name};
  }
  const std::string value(trim(*text));
  const std::string evidence = sysctl.name + " is " + value;
  // What stands in for the documented machine has a kernel of which the documentation says nothing.
  if (ground_->manager().is_disposable()) {
    return Weighed{ClaimVerdict::untestable, evidence + " here, of this machine's own kernel"};
  }
  return Weighed{words(value) == words(sysctl.is) ? ClaimVerdict::confirmed : ClaimVerdict::refuted,
                 evidence};
}

Result<Weighed> SuiteRun::weigh_syscall(const SyscallClaim& syscall) {
  auto& calls = calls_of_groups_[syscall.group];
  if (calls.empty()) {
    // systemd itself says what is in a group: a unit's filter comes back as the calls.
    auto& manager = ground_->manager();
    auto folder = unit::UnitFolder::open(manager);
    if (!folder) return folder.error();
    const std::string name = unit::fresh_name("x.service");
    const unit::UnitFile fragment{
        name, name, "[Service]\nExecStart=/bin/true\nSystemCallFilter=~" + syscall.group + "\n"};
    const auto written = folder->write(unit::Where::of_this_boot, name, fragment, {});
    if (!written) return written.error();
    const auto loaded = unit::load_written(manager, name);
    if (!loaded) return loaded.error();
    calls = Settings(loaded->service, {}).filter("SystemCallFilter").names;
    if (calls.empty()) {
      return Weighed{ClaimVerdict::untestable, "this systemd has no group " + syscall.group};
    }
  }
  std::vector<std::string> missing;
  for (const auto& call : syscall.calls) {
    if (std::find(calls.begin(), calls.end(), call) == calls.end()) missing.push_back(call);
  }
  if (missing.empty()) {
    return Weighed{ClaimVerdict::confirmed, join(syscall.calls, ", ") + " in " + syscall.group +
                                                ", of " + std::to_string(calls.size()) + " calls"};
  }
  return Weighed{ClaimVerdict::refuted, "not in " + syscall.group + ": " + join(missing, ", ") +
                                            "; it is " + join(calls, " ")};
}

}  // namespace sandproof::claim
