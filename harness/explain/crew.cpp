#include "explain/crew.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/names.h"

namespace sandproof::explain {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Walk, path, end, at, mode, owner, group, mount, mount_type,
                                   mount_root, is_read_only, interpreter, machine, walker_name,
                                   owner_name, group_name)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(RefusedCall, name, text, object, error, of_program)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Trace, refused, fatal_call, fatal_architecture, programs,
                                   folders)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Trial, starts, runs_on, result, command, program, exited, status,
                                   is_systemds, step, message, words, seconds, ended, trace)

namespace {

using Clock = std::chrono::steady_clock;
using Json = nlohmann::json;

// For the boot and the journal, beside the unit's own time.
constexpr auto overhead = std::chrono::seconds(40);

struct Worker {
  pid_t pid = -1;
  Fd pipe;
  std::string message;
  Clock::time_point deadline;
  std::size_t number = 0;
};

std::size_t most_in_flight() {
  // A start waits for the kernel and for the unit more than it computes.
  return std::max<std::size_t>(4, 4UL * std::thread::hardware_concurrency());
}

Result<Trial> trial_on_throwaway(const std::filesystem::path& root, const TrialPlan& plan) {
  auto manager = boot_throwaway({.root = root});
  if (!manager) return manager.error();
  return run_trial(**manager, plan);
}

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto count = write(fd, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

Result<Worker> start_worker(const std::filesystem::path& root, const TrialPlan& plan,
                            std::size_t number) {
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC) < 0) return cannot_run("cannot make a pipe: " + errno_text(errno));
  Fd reader(ends[0]);
  const Fd writer(ends[1]);
  const pid_t harness = getpid();
  const pid_t pid = fork();
  if (pid < 0) return cannot_run("cannot fork: " + errno_text(errno));
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != harness) _exit(1);
    write_all(writer.get(), to_message(trial_on_throwaway(root, plan)));
    _exit(0);
  }
  const auto time = std::chrono::milliseconds(static_cast<long>(plan.seconds * 1000)) + overhead;
  return Worker{pid, std::move(reader), {}, Clock::now() + time, number};
}

void end_worker(Worker& worker) {
  kill(worker.pid, SIGKILL);
  while (waitpid(worker.pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

// True when the worker has closed its end.
bool read_some(Worker& worker) {
  std::array<char, 65536> buffer{};
  const auto count = read(worker.pipe.get(), buffer.data(), buffer.size());
  if (count > 0) worker.message.append(buffer.data(), static_cast<std::size_t>(count));
  return count == 0 || (count < 0 && errno != EINTR);
}

int milliseconds_to(Clock::time_point end) {
  const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
  return static_cast<int>(std::max<std::chrono::milliseconds::rep>(rest.count(), 0));
}

class Crew : public Batch {
 public:
  Crew(std::filesystem::path root, std::vector<TrialPlan> plans)
      : root_(std::move(root)), plans_(std::move(plans)), trials_(plans_.size()) {}
  ~Crew() override {
    for (auto& worker : workers_) end_worker(worker);
  }
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  Result<void> start_some() {
    while (next_ < plans_.size() && workers_.size() < most_in_flight()) {
      auto worker = start_worker(root_, plans_[next_], next_);
      if (!worker) return worker.error();
      workers_.push_back(*std::move(worker));
      ++next_;
    }
    return {};
  }

  Result<std::vector<Trial>> wait() override {
    while (!workers_.empty()) {
      if (auto waited = wait_for_one(); !waited) return waited.error();
      if (auto started = start_some(); !started) return started.error();
    }
    return std::move(trials_);
  }

 private:
  Result<void> wait_for_one() {
    std::vector<pollfd> ends;
    auto deadline = Clock::time_point::max();
    for (const auto& worker : workers_) {
      ends.push_back({worker.pipe.get(), POLLIN, 0});
      deadline = std::min(deadline, worker.deadline);
    }
    if (poll(ends.data(), ends.size(), milliseconds_to(deadline)) < 0 && errno != EINTR) {
      return cannot_run("cannot wait for the trials: " + errno_text(errno));
    }
    for (std::size_t i = ends.size(); i-- > 0;) {
      if (ends[i].revents != 0 && read_some(workers_[i])) {
        if (auto ended = take(i); !ended) return ended;
      } else if (workers_[i].deadline < Clock::now()) {
        return cannot_run("a trial did not come to an end in time");
      }
    }
    return {};
  }

  Result<void> take(std::size_t index) {
    Worker worker = std::move(workers_[index]);
    workers_.erase(workers_.begin() + static_cast<std::ptrdiff_t>(index));
    end_worker(worker);
    auto trial = from_message(worker.message);
    if (!trial) return trial.error();
    trials_[worker.number] = *std::move(trial);
    return {};
  }

  std::filesystem::path root_;
  std::vector<TrialPlan> plans_;
  std::vector<Trial> trials_;
  std::vector<Worker> workers_;
  std::size_t next_ = 0;
};

}  // namespace

std::string to_message(const Result<Trial>& trial) {
  Json json;
  if (trial) {
    json["trial"] = *trial;
  } else {
    json["error"] = trial.error().message;
    json["kind"] = static_cast<int>(trial.error().kind);
  }
  // A path or a line of a log may be any bytes.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Trial> from_message(const std::string& message) {
  const auto json = Json::parse(message, nullptr, false);
  if (json.is_discarded()) return cannot_run("a trial ended without a result");
  if (json.contains("error")) {
    return Error{static_cast<Error::Kind>(json.value("kind", 3)), json.value("error", "")};
  }
  return json.at("trial").get<Trial>();
}

StartTrials on_throwaways(std::filesystem::path root) {
  return [root = std::move(root)](std::vector<TrialPlan> plans) -> Result<std::unique_ptr<Batch>> {
    auto crew = std::make_unique<Crew>(root, std::move(plans));
    if (auto started = crew->start_some(); !started) return started.error();
    return std::unique_ptr<Batch>(std::move(crew));
  };
}

}  // namespace sandproof::explain
