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
#include "model/own_directories.h"

namespace sandproof {

// Where a manager has what belongs to its units; as the system's has it.
struct ManagerFolders {
  // Of units of this boot: it is never on a disk.
  std::string volatile_units = "/run/systemd/system";
  // Of units that win over those of the same name elsewhere: systemd.unit(5).
  std::string foremost_units = "/etc/systemd/system";
  DirectoryParents directories = {};
  // In which a folder of programs can be made, for units to run.
  std::vector<std::string> programs = {"/run", "/var/lib", "/usr/local/lib", "/opt"};
  // The home of the user whose manager it is; "" for the system's.
  std::string home = {};
};

class Manager {
 public:
  virtual ~Manager() = default;

  // Whether anything may be done to its files and units: a throwaway's reach no machine, and a host
  // may have been given for it.
  virtual bool is_disposable() const = 0;

  // Runs a command among the manager's own processes, with this process's standard input and
  // output, and answers its exit status, or 128 and the signal that killed it.
  virtual Result<int> run_inside(const std::vector<std::string>& command) = 0;

  // A socket that is connected to the path in the manager's files, by a process that the manager's
  // own processes see.
  virtual Result<Fd> connect_inside(const std::string& path) = 0;

  bus::EventLoop& loop() { return *loop_; }
  bus::Connection& bus() { return *bus_; }
  const ManagerFacts& facts() const { return facts_; }
  // The manager's own files, as its units see them without a sandbox.
  const RootedFs& files() const { return *files_; }
  const ManagerFolders& folders() const { return folders_; }
  // What was made in it before there was a unit: "user sandproof".
  const std::vector<std::string>& made() const { return made_; }

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
  Result<void> learn_facts(const std::string& kind, const std::string& user = {});
  void set_folders(ManagerFolders folders) { folders_ = std::move(folders); }
  void add_made(std::string what) { made_.push_back(std::move(what)); }

 private:
  std::unique_ptr<bus::EventLoop> loop_;
  std::unique_ptr<bus::Connection> bus_;
  std::unique_ptr<RootedFs> files_;
  ManagerFolders folders_;
  std::vector<std::string> made_;
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

// The user manager (systemd --user) of the user whose process this is.
Result<std::unique_ptr<Manager>> open_user_manager();

// A throwaway with a user manager in it, of the caller of sudo(8), or of a user who is made for it.
Result<std::unique_ptr<Manager>> boot_user_manager(const ThrowawayOptions& options);

}  // namespace sandproof
