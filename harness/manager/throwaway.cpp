#include <fcntl.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>

#include "base/names.h"
#include "manager/command.h"
#include "manager/control.h"
#include "manager/control_group.h"
#include "manager/guard.h"
#include "manager/manager.h"
#include "manager/sockets.h"
#include "manager/world.h"

namespace sandproof {

namespace {

constexpr auto boot_limit = std::chrono::seconds(30);

const char* systemd_in(const RootedFs& files) {
  for (const char* path : {"/usr/lib/systemd/systemd", "/lib/systemd/systemd"}) {
    if (files.exists(path)) return path;
  }
  return nullptr;
}

// The socket on which PID 1 will say that the boot is over, made where it can find it.
Result<Fd> make_notify_socket() {
  Fd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto address = socket_address(notify_path);
  if (!address) return address.error();
  if (!socket || bind(socket.get(), generic(*address), sizeof(*address)) < 0 ||
      chmod(notify_path, 0666) < 0) {
    return cannot_run("cannot make the socket " + std::string(notify_path) + ": " +
                      errno_text(errno));
  }
  return socket;
}

Error become_systemd(const std::string& root, const std::string& systemd, int control) {
  if (auto made = make_world(root); !made) return made.error();
  auto notify = make_notify_socket();
  if (!notify) return notify.error();
  if (!send_control(control, "notify", notify->get())) return cannot_run("the harness is gone");
  const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int standard = 0; standard <= 2; ++standard) dup2(null, standard);
  const std::string target = std::string("--unit=") + boot_target;
  // The log goes to the throwaway's journal and never to the machine's kernel log.
  const std::array<const char*, 5> arguments = {
      systemd.c_str(), target.c_str(), "--log-target=journal", "--show-status=no", nullptr};
  const std::string notify_variable = std::string("NOTIFY_SOCKET=") + notify_path;
  const std::array<const char*, 4> environment = {
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      // systemd(1): it does not set up the machine, such as its clock, when it runs in a container.
      "container=other", notify_variable.c_str(), nullptr};
  execve(systemd.c_str(), const_cast<char* const*>(arguments.data()),
         const_cast<char* const*>(environment.data()));
  return cannot_run("cannot execute " + systemd + ": " + errno_text(errno));
}

// PID 1 refuses peers that it cannot see (PID 0), so a child in its PID namespace connects.
Result<Fd> connect_from_within(pid_t first_pid, const std::string& path) {
  auto pair = control_pair();
  if (!pair) return pair.error();
  const auto address = socket_address(path);
  if (!address) return address.error();
  const Fd pid_namespace(
      open(("/proc/" + std::to_string(first_pid) + "/ns/pid").c_str(), O_RDONLY | O_CLOEXEC));
  const pid_t outer = fork();
  if (outer < 0) return cannot_run("cannot fork: " + errno_text(errno));
  if (outer == 0) {
    if (setns(pid_namespace.get(), CLONE_NEWPID) < 0) _exit(errno);
    // Only a child is in the namespace that setns(2) chose.
    const pid_t inner = fork();
    if (inner == 0) {
      const Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
      if (connect(socket.get(), generic(*address), sizeof(*address)) < 0) _exit(errno);
      send_control(pair->second.get(), "socket", socket.get());
      _exit(0);
    }
    int status = 0;
    waitpid(inner, &status, 0);
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
  }
  pair->second.reset();
  auto message = receive_control(pair->first.get());
  int status = 0;
  while (waitpid(outer, &status, 0) < 0 && errno == EINTR) {
  }
  if (!message) return message.error();
  if (!message->descriptor) {
    return cannot_run("cannot connect to " + path + ": " +
                      errno_text(WIFEXITED(status) ? WEXITSTATUS(status) : EPIPE));
  }
  return std::move(message->descriptor);
}

// What systemd sends has many lines; one of them is READY=1.
bool says_ready(int notify_socket) {
  std::array<char, 4096> buffer{};
  const auto count = recv(notify_socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
  return count > 0 &&
         std::string_view(buffer.data(), static_cast<std::size_t>(count)).find("READY=1") !=
             std::string_view::npos;
}

Result<void> wait_until_ready(bus::EventLoop& loop, const Guard& guard, int notify_socket) {
  bool is_ready = false;
  std::string failure;
  auto ready = loop.on_readable(notify_socket, [&] { is_ready |= says_ready(notify_socket); });
  auto control = loop.on_readable(guard.control(), [&] {
    const auto message = receive_control(guard.control());
    failure = message && message->text.starts_with("error ") ? message->text.substr(6)
                                                             : "its PID 1 ended while booting";
  });
  if (!ready) return ready.error();
  if (!control) return control.error();
  const auto ended = loop.run_until([&] { return is_ready || !failure.empty(); }, boot_limit);
  if (!ended) return ended.error();
  if (!failure.empty()) return cannot_run(failure);
  if (!*ended) return cannot_run("it did not become ready within 30 s");
  return {};
}

// Into the control group of the throwaway's PID 1, which has to be seen from this side of its
// cgroup namespace, and into its namespaces; false with errno set.
bool enter_namespaces(pid_t first_pid) {
  const Fd process(static_cast<int>(syscall(SYS_pidfd_open, first_pid, 0)));
  constexpr int all =
      CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWCGROUP;
  return process && join_group_of(first_pid) && setns(process.get(), all) == 0;
}

class Throwaway : public Manager {
 public:
  Throwaway(Guard guard, std::unique_ptr<bus::EventLoop> loop, std::unique_ptr<bus::Connection> bus,
            RootedFs files)
      : Manager(std::move(loop), std::move(bus), std::move(files)), guard_(std::move(guard)) {}
  using Manager::learn_facts;

  bool is_disposable() const override { return true; }
  Result<int> run_inside(const std::vector<std::string>& command) override {
    const pid_t first = guard_.first_pid();
    return run_command(command, [first] { return enter_namespaces(first); });
  }
  Result<Fd> connect_inside(const std::string& path) override {
    return connect_from_within(guard_.first_pid(), files().name().string() + path);
  }

 private:
  Guard guard_;
};

Result<std::unique_ptr<Manager>> boot(const std::string& root) {
  const auto source = RootedFs::open(root);
  if (!source) return bad_input(source.error().message);
  const char* systemd = systemd_in(*source);
  if (systemd == nullptr) return bad_input(root + " holds no systemd (/usr/lib/systemd/systemd)");

  auto loop = bus::EventLoop::create();
  if (!loop) return loop.error();
  auto guard = Guard::start([&](int control) { return become_systemd(root, systemd, control); });
  if (!guard) return guard.error();
  auto notify = receive_control(guard->control());
  if (!notify) return notify.error();
  if (!notify->descriptor) {
    return cannot_run(notify->text.starts_with("error ") ? notify->text.substr(6)
                                                         : "its first process ended");
  }
  if (auto ready = wait_until_ready(**loop, *guard, notify->descriptor.get()); !ready) {
    return ready.error();
  }
  const std::string world = "/proc/" + std::to_string(guard->first_pid()) + "/root";
  auto socket = connect_from_within(guard->first_pid(), world + "/run/systemd/private");
  if (!socket) return socket.error();
  auto connection = bus::Connection::adopt(**loop, *std::move(socket));
  if (!connection) return connection.error();
  auto files = RootedFs::open(world);
  if (!files) return files.error();
  auto throwaway = std::make_unique<Throwaway>(*std::move(guard), *std::move(loop),
                                               *std::move(connection), *std::move(files));
  if (auto learned = throwaway->learn_facts("throwaway"); !learned) return learned.error();
  return std::unique_ptr<Manager>(std::move(throwaway));
}

}  // namespace

Result<std::unique_ptr<Manager>> boot_throwaway(const ThrowawayOptions& options) {
  if (geteuid() != 0) return cannot_run("a throwaway systemd needs root: run it with sudo");
  std::error_code error;
  const auto root = std::filesystem::canonical(options.root, error);
  if (error)
    return bad_input("cannot open the root " + options.root.string() + ": " + error.message());
  auto manager = boot(root.string());
  if (!manager) return manager.error().with_prefix("cannot boot a throwaway systemd");
  return manager;
}

}  // namespace sandproof
