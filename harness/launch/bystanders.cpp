#include "launch/bystanders.h"

#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>

#include "base/random.h"
#include "base/text.h"

namespace sandproof::launch {

namespace {

constexpr auto ready_limit = std::chrono::seconds(60);

std::string unit_name(const LaunchContext& context, const std::string& label) {
  return "sandproof-" + context.run_id + "-" + label + ".service";
}

// The inode numbers of /proc/PID/ns/TYPE, which reads "TYPE:[INODE]".
std::map<std::string, std::string> namespaces_of(const Manager& manager, int pid) {
  std::map<std::string, std::string> inodes;
  const auto folder = manager.files().name() / "proc" / std::to_string(pid) / "ns";
  for (const char* type : {"cgroup", "ipc", "mnt", "net", "pid", "user", "uts"}) {
    std::error_code error;
    const std::string text = std::filesystem::read_symlink(folder / type, error).string();
    const auto bracket = text.find('[');
    if (error || bracket == std::string::npos) continue;
    inodes[type] = text.substr(bracket + 1, text.size() - bracket - 2);
  }
  return inodes;
}

// One of root's that was there before all others but PID 1, which has a namesake in every PID
// namespace; 0 where none is to be seen.
int process_of_root(const Manager& manager) {
  int oldest = 0;
  std::error_code error;
  const auto folder = manager.files().name() / "proc";
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    int pid = 0;
    const auto [end, bad] = std::from_chars(name.data(), name.data() + name.size(), pid);
    struct stat facts {};
    if (bad != std::errc() || *end != '\0' || pid <= 1 || (oldest != 0 && pid > oldest) ||
        stat(entry.path().c_str(), &facts) < 0 || facts.st_uid != 0) {
      continue;
    }
    oldest = pid;
  }
  return oldest;
}

}  // namespace

struct Bystanders::Process {
  std::unique_ptr<TransientUnit> unit;
  std::string path;
  std::string text;
  bool is_ready = false;
  bool has_ended = false;

  // The value of its line "NAME VALUE…", or "".
  std::string line(const std::string& name) const {
    for (const auto& candidate : split(text, '\n')) {
      if (candidate.starts_with(name + " ")) return candidate.substr(name.size() + 1);
    }
    return {};
  }
};

Bystanders::Bystanders(LaunchContext& context) : context_(context) {}

Bystanders::~Bystanders() {
  // The end of its input tells each to remove what it made.
  for (auto& process : processes_) process->unit->close_input();
  auto& bus = context_.manager.bus();
  bus.on_job_end([this](const std::string& unit, const std::string&) {
    for (auto& process : processes_) {
      if (process->unit->name() == unit) process->unit->job_ended();
    }
  });
  const auto all_ended = [this] {
    return std::all_of(processes_.begin(), processes_.end(),
                       [](const auto& process) { return process->has_ended; });
  };
  // Whatever has not ended in time is killed with its unit.
  static_cast<void>(context_.manager.loop().run_until(all_ended, ready_limit));
  bus.on_job_end({});
}

Result<void> Bystanders::start_process(const std::string& label, const Identity& identity,
                                       const std::vector<std::string>& arguments) {
  auto process = std::make_unique<Process>();
  Process* const raw = process.get();
  std::vector<std::string> command = {context_.probe_folder + "/bystander"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  auto unit = TransientUnit::start(context_.manager, unit_name(context_, label), command,
                                   bare_properties(identity),
                                   {[raw](std::string_view chunk) {
                                      raw->text += chunk;
                                      raw->is_ready = raw->text.ends_with("ready\n");
                                    },
                                    [raw](const Ending&) { raw->has_ended = true; }});
  if (!unit) return unit.error();
  process->unit = *std::move(unit);
  processes_.push_back(std::move(process));
  return {};
}

Result<void> Bystanders::wait_until_ready() {
  auto& bus = context_.manager.bus();
  bus.on_job_end([this](const std::string& unit, const std::string&) {
    for (auto& process : processes_) {
      if (process->unit->name() == unit) process->unit->job_ended();
    }
  });
  const auto all = [this] {
    return std::all_of(processes_.begin(), processes_.end(),
                       [](const auto& process) { return process->is_ready || process->has_ended; });
  };
  const auto waited = context_.manager.loop().run_until(all, ready_limit);
  bus.on_job_end({});
  if (!waited) return waited.error();
  for (const auto& process : processes_) {
    if (process->is_ready) continue;
    return cannot_run("the bystander process does not come up: " +
                      (process->text.empty() ? "it says nothing" : process->text));
  }
  return {};
}

Result<std::unique_ptr<Bystanders>> Bystanders::start(LaunchContext& context,
                                                      const Identity& user) {
  std::unique_ptr<Bystanders> bystanders(new Bystanders(context));
  const std::string name = "sandproof-" + random_name();
  const std::string tmp_file = "/tmp/" + name;
  const std::string var_tmp_file = "/var/tmp/" + name;
  const std::string dev_shm_file = "/dev/shm/" + name;
  const bool has_root = context.manager.facts().user.empty();
  auto started = bystanders->start_process(has_root ? "bystander-root" : "bystander", {},
                                           {"tcp", "abstract", name, "shm", "file", tmp_file,
                                            "file", var_tmp_file, "file", dev_shm_file});
  if (!started) return started.error();
  if (!user.user.empty()) {
    started = bystanders->start_process("bystander-user", user, {});
    if (!started) return started.error();
  }
  if (auto ready = bystanders->wait_until_ready(); !ready) return ready.error();

  const Process& first = *bystanders->processes_.front();
  const auto number = [](const Process& process) {
    const std::string text = process.line("pid");
    int pid = 0;
    std::from_chars(text.data(), text.data() + text.size(), pid);
    return pid;
  };
  auto& facts = bystanders->facts_;
  facts.root_pid = has_root ? number(first) : process_of_root(context.manager);
  facts.user_pid = number(*bystanders->processes_.back());
  facts.tcp_port = words(first.line("tcp")).back();
  facts.abstract_socket = name;
  facts.shm_key = words(first.line("shm")).front();
  facts.tmp_file = tmp_file;
  facts.var_tmp_file = var_tmp_file;
  facts.dev_shm_file = dev_shm_file;
  facts.namespaces = namespaces_of(context.manager, number(first));
  return bystanders;
}

Result<std::unique_ptr<DynamicUserHolder>> DynamicUserHolder::start(LaunchContext& context,
                                                                    const std::string& user) {
  std::unique_ptr<DynamicUserHolder> holder(new DynamicUserHolder());
  auto unit = TransientUnit::start(
      context.manager, unit_name(context, "dynamic-user"), {context.probe_folder + "/bystander"},
      {{"DynamicUser", Value::boolean(true)}, {"User", Value::text(user)}},
      {[raw = holder.get()](std::string_view) { raw->is_ready_ = true; },
       [raw = holder.get()](const Ending&) { raw->has_ended_ = true; }});
  if (!unit) return unit.error();
  const auto waited = context.manager.loop().run_until(
      [&holder] { return holder->is_ready_ || holder->has_ended_; }, ready_limit);
  if (!waited) return waited.error();
  const auto properties = context.manager.service_properties((*unit)->name());
  if (!holder->is_ready_ || !properties) {
    return cannot_run("systemd gives no dynamic user " + user);
  }
  holder->unit_ = *std::move(unit);
  holder->identity_ = {to_string(properties->at("UID")), to_string(properties->at("GID")), {}};
  return holder;
}

DynamicUserHolder::~DynamicUserHolder() = default;

}  // namespace sandproof::launch
