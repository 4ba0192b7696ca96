// The manager that the claims of a suite are tried on, with the machine around it as the suite says
// that it is.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "claim/claim.h"
#include "manager/manager.h"
#include "unit/load.h"
#include "unit/pristine.h"

namespace sandproof::claim {

class Ground {
 public:
  // Makes the accounts and files of the suite; only a manager that is thrown away can have them.
  static Result<std::unique_ptr<Ground>> make(const Suite& suite, std::unique_ptr<Manager> manager,
                                              std::filesystem::path probes);

  Manager& manager() { return *manager_; }
  const std::filesystem::path& probes() const { return probes_; }

  // Installs the unit that a claim names, with what it needs of its machine; once. Answers its
  // name.
  Result<std::string> install(const std::string& unit);
  // The name of a unit that stands beside the claim's, or that the manager knows.
  Result<std::string> install_beside(const std::string& unit, const std::string& name);
  // The unit's settings with the drop-in's lines; it is not there any more afterwards.
  Result<LoadedUnit> load(const std::string& unit, const std::vector<std::string>& drop_in);

  // A drop-in that stays until all of them are taken away. systemd hears of either when it is next
  // asked for a unit: to have it read all of its units anew is slow.
  Result<void> add_drop_in(const std::string& name, const std::vector<std::string>& lines);
  Result<void> remove_drop_ins();

  // All that systemd tells of a unit: as a unit, and as the kind of unit that it is.
  Result<Properties> properties(const std::string& name);

  // Has systemd read its units anew where they have changed.
  Result<void> refresh();

  // Replaces a file, and puts it back when all that was written is taken back.
  Result<void> write(const std::string& path, const std::string& content);
  Result<void> take_back();

  // Puts the stand-in wherever the unit has a command that is not there.
  Result<void> place_standins(const std::string& name);

 private:
  Ground(std::unique_ptr<Manager> manager, std::filesystem::path folder,
         std::filesystem::path probes)
      : manager_(std::move(manager)), folder_(std::move(folder)), probes_(std::move(probes)) {}
  Result<void> make_accounts(const std::vector<std::string>& accounts);
  Result<void> make_files(const std::vector<SceneFile>& files);
  Result<void> make_file(const SceneFile& file);
  Result<std::string> content_of(const SceneFile& file) const;
  Result<void> remove_if_there(const std::string& path);

  std::unique_ptr<Manager> manager_;
  std::filesystem::path folder_;  // of the suite
  std::filesystem::path probes_;
  Properties pristine_;
  std::map<std::string, std::string> installed_;  // as the claim names it → its name
  std::vector<std::string> drop_ins_;
  bool is_stale_ = false;
  std::map<std::string, std::optional<std::string>> before_;
};

// "[Service]" first, where the lines do not begin with a section of their own.
std::string drop_in_text(const std::vector<std::string>& lines);

}  // namespace sandproof::claim
