#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "manager/account.h"
#include "manager/command.h"
#include "manager/manager.h"
#include "manager/sockets.h"

namespace sandproof {

namespace {

constexpr auto start_limit = std::chrono::seconds(30);
constexpr const char* service_name = "sandproof-user-manager.service";

// As manager_setup_prefix() in systemd's source has them.
ManagerFolders folders_of(const Account& account, const std::string& runtime, int systemd) {
  const std::string configuration = account.home + "/.config";
  constexpr int has_a_place_for_state_since = 254;
  const std::string state =
      systemd >= has_a_place_for_state_since ? account.home + "/.local/state" : configuration;
  ManagerFolders folders;
  folders.volatile_units = runtime + "/systemd/user";
  // Nothing but what systemctl(1) sets at run time, and none of that is in a throwaway.
  folders.foremost_units = runtime + "/systemd/user.control";
  folders.directories = {runtime, state, account.home + "/.cache", state + "/log", configuration};
  folders.home = account.home;
  return folders;
}

class UserManager : public Manager {
 public:
  // `system` is the throwaway that it runs in, or nothing on a host.
  UserManager(std::unique_ptr<Manager> system, std::unique_ptr<bus::EventLoop> loop,
              std::unique_ptr<bus::Connection> bus, RootedFs files)
      : Manager(std::move(loop), std::move(bus), std::move(files)), system_(std::move(system)) {}

  Result<void> learn(const Account& account, const std::string& runtime) {
    if (auto learned = learn_facts(system_ ? "throwaway" : "host", account.name); !learned) {
      return learned;
    }
    auto folders = folders_of(account, runtime, facts().systemd);
    // A user can make a folder in these: no sandbox hides the first but by name, and most systems
    // let programs be run in it.
    if (!system_) folders.programs = {"/dev/shm", "/var/tmp", runtime};
    set_folders(std::move(folders));
    if (account.is_made) add_made("user " + account.name);
    return {};
  }

  bool is_disposable() const override { return system_ != nullptr; }
  Result<int> run_inside(const std::vector<std::string>& command) override {
    return system_ ? system_->run_inside(command) : run_command(command, [] { return true; });
  }
  Result<Fd> connect_inside(const std::string& path) override {
    return system_ ? system_->connect_inside(path) : connect_stream(path);
  }

 private:
  std::unique_ptr<Manager> system_;
};

Result<std::unique_ptr<Manager>> talk_to(std::unique_ptr<Manager> system, const Account& account,
                                         const std::string& runtime, Fd socket,
                                         const std::filesystem::path& root) {
  auto loop = bus::EventLoop::create();
  if (!loop) return loop.error();
  auto bus = bus::Connection::adopt(**loop, std::move(socket));
  if (!bus) return bus.error();
  auto files = RootedFs::open(root);
  if (!files) return files.error();
  auto manager = std::make_unique<UserManager>(std::move(system), *std::move(loop), *std::move(bus),
                                               *std::move(files));
  if (auto learned = manager->learn(account, runtime); !learned) return learned.error();
  return std::unique_ptr<Manager>(std::move(manager));
}

// What the user's machine starts for every user manager is not for a throwaway: an empty unit file
// is a masked one. Units depend on basic.target, which wants these.
Result<void> write_units(const Manager& throwaway, const Account& account) {
  const auto& files = throwaway.files();
  const std::string folder = "/run/systemd/user";
  if (auto made = files.make_folders(folder); !made) return made;
  for (const char* target : {"sockets", "timers", "paths"}) {
    if (auto masked = files.write_new(folder + "/" + target + ".target", "", 0644); !masked) {
      return masked;
    }
  }
  if (auto written = files.write_new(folder + "/sandproof.target",
                                     "[Unit]\nDescription=A throwaway user manager\n"
                                     "Requires=basic.target\nAfter=basic.target\n",
                                     0644);
      !written) {
    return written;
  }
  // As user@.service has it, but for the session that logind opens for it.
  const std::string systemd = files.exists("/usr/lib/systemd/systemd") ? "/usr/lib/systemd/systemd"
                                                                       : "/lib/systemd/systemd";
  return files.write_new(
      throwaway.folders().volatile_units + "/" + service_name,
      "[Service]\nType=notify\nUser=" + account.name + "\nRuntimeDirectory=user/" + account.uid +
          "\nRuntimeDirectoryMode=0700\nEnvironment=XDG_RUNTIME_DIR=/run/user/" + account.uid +
          "\nDelegate=yes\nKillMode=mixed\nKeyringMode=inherit\nExecStart=" + systemd +
          " --user --unit=sandproof.target --log-target=journal\n",
      0644);
}

Result<void> start_service(Manager& throwaway) {
  std::string result;
  throwaway.bus().on_job_end([&result](const std::string& unit, const std::string& how) {
    if (unit == service_name) result = how;
  });
  const auto reply = throwaway.bus().call_manager(
      "StartUnit", {Value::text(service_name), Value::text("replace")});
  const auto* refused = std::get_if<bus::CallError>(&reply);
  const auto ended = refused != nullptr ? Result<bool>(cannot_run(bus::to_string(*refused)))
                                        : throwaway.loop().run_until(
                                              [&result] { return !result.empty(); }, start_limit);
  throwaway.bus().on_job_end({});
  if (!ended) return ended.error();
  if (!*ended) return cannot_run("it did not become ready within 30 s");
  if (result != "done") return cannot_run("its start " + result);
  return {};
}

Result<std::unique_ptr<Manager>> start_user_manager(std::unique_ptr<Manager> throwaway) {
  const auto account = account_for_user_manager(*throwaway);
  if (!account) return account.error();
  if (auto written = write_units(*throwaway, *account); !written) return written.error();
  if (auto started = start_service(*throwaway); !started) return started.error();
  const std::string runtime = "/run/user/" + account->uid;
  auto socket = throwaway->connect_inside(runtime + "/systemd/private");
  if (!socket) return socket.error();
  const auto root = throwaway->files().name();
  return talk_to(std::move(throwaway), *account, runtime, *std::move(socket), root);
}

}  // namespace

Result<std::unique_ptr<Manager>> boot_user_manager(const ThrowawayOptions& options) {
  auto throwaway = boot_throwaway(options);
  if (!throwaway) return throwaway;
  auto manager = start_user_manager(*std::move(throwaway));
  if (!manager) return manager.error().with_prefix("cannot start a user manager in a throwaway");
  return manager;
}

Result<std::unique_ptr<Manager>> open_user_manager() {
  const auto account = own_account();
  if (!account) return account.error();
  const char* variable = std::getenv("XDG_RUNTIME_DIR");
  const std::string runtime = variable != nullptr ? variable : "/run/user/" + account->uid;
  auto socket = connect_stream(runtime + "/systemd/private");
  if (!socket) {
    return cannot_run("cannot reach the user manager of " + account->name + ": " +
                      socket.error().message +
                      "; log in, have it started (loginctl enable-linger), or use --manager "
                      "throwaway");
  }
  return talk_to(nullptr, *account, runtime, *std::move(socket), "/");
}

}  // namespace sandproof
