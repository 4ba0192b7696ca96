// A systemd to launch on: the host's, or a throwaway one.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/rooted.h"
#include "bus/connection.h"
#include "bus/event_loop.h"
#include "model/check.h"

namespace sandproof {

class Manager {
 public:
  virtual ~Manager() = default;

  // Whether anything may be done to its files and units: a throwaway's reach no machine, and a host
  // may have been given for it.
  virtual bool is_disposable() const = 0;

  // Runs a command among the manager's own processes, with this process's standard input and
  // output, and answers its exit status, or 128 and the signal that killed it.
  virtual Result<int> run_inside(const std::vector<std::string>& command) = 0;

  bus::EventLoop& loop() { return *loop_; }
  bus::Connection& bus() { return *bus_; }
  const ManagerFacts& facts() const { return facts_; }
  // The manager's own files, as its units see them without a sandbox.
  const RootedFs& files() const { return *files_; }

  // Loads a unit and answers its object path. A unit that cannot be found is loaded, too, with
  // LoadState=not-found.
  Result<std::string> load(const std::string& unit);
  Result<Properties> service_properties(const std::string& unit);
  Result<Properties> unit_properties(const std::string& unit);

  // Best effort: the unit may have ended by itself.
  void kill_unit(const std::string& unit);
  void stop_unit(const std::string& unit);
  void reset_failed(const std::string& unit);

 protected:
  Manager(std::unique_ptr<bus::EventLoop> loop, std::unique_ptr<bus::Connection> bus,
          RootedFs files);
  // Asks the manager for what it is.
  Result<void> learn_facts(const std::string& kind);

 private:
  std::unique_ptr<bus::EventLoop> loop_;
  std::unique_ptr<bus::Connection> bus_;
  std::unique_ptr<RootedFs> files_;
  ManagerFacts facts_;
};

struct HostOptions {
  // Whether the machine is to be thrown away, and may be changed like a throwaway: nobody takes
  // back what is done to it. Only whoever owns it can say so.
  bool is_disposable = false;
};

// The systemd that is this machine's PID 1.
Result<std::unique_ptr<Manager>> open_host(const HostOptions& options = {});
bool host_is_systemd();

struct ThrowawayOptions {
  // The root file system that the throwaway sees, and never writes to.
  std::filesystem::path root = "/";
};

// Boots a systemd of its own in namespaces of its own, over a copy of the root that is thrown away.
// It ends with the object, and with this process however that dies.
Result<std::unique_ptr<Manager>> boot_throwaway(const ThrowawayOptions& options);

}  // namespace sandproof
