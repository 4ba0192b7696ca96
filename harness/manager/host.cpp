#include <unistd.h>

#include <fstream>

#include "manager/command.h"
#include "manager/manager.h"
#include "manager/sockets.h"

namespace sandproof {

namespace {

class Host : public Manager {
 public:
  Host(std::unique_ptr<bus::EventLoop> loop, std::unique_ptr<bus::Connection> bus, RootedFs files,
       const HostOptions& options)
      : Manager(std::move(loop), std::move(bus), std::move(files)), options_(options) {}
  using Manager::learn_facts;

  bool is_disposable() const override { return options_.is_disposable; }
  Result<int> run_inside(const std::vector<std::string>& command) override {
    return run_command(command, [] { return true; });
  }
  Result<Fd> connect_inside(const std::string& path) override { return connect_stream(path); }

 private:
  HostOptions options_;
};

}  // namespace

bool host_is_systemd() {
  // sd_booted(3) looks for the folder; a container's host may leave it behind, PID 1 does not lie.
  std::ifstream name("/proc/1/comm");
  std::string text;
  std::getline(name, text);
  return text == "systemd" && access("/run/systemd/system", F_OK) == 0;
}

Result<std::unique_ptr<Manager>> open_host(const HostOptions& options) {
  if (!host_is_systemd()) {
    return cannot_run("PID 1 of this machine is not systemd; use --manager throwaway");
  }
  if (geteuid() != 0) return cannot_run("transient units need root: run it with sudo");
  auto loop = bus::EventLoop::create();
  if (!loop) return loop.error();
  auto bus = bus::Connection::open_system(**loop);
  if (!bus) return bus.error();
  auto files = RootedFs::open("/");
  if (!files) return files.error();
  auto host = std::make_unique<Host>(*std::move(loop), *std::move(bus), *std::move(files), options);
  if (auto learned = host->learn_facts("host"); !learned) return learned.error();
  return std::unique_ptr<Manager>(std::move(host));
}

}  // namespace sandproof
