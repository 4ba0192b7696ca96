// Runs the claims of a suite, each by itself, in any order.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "check/scene.h"
#include "claim/claim.h"
#include "claim/ground.h"
#include "claim/verdicts.h"

namespace sandproof::claim {

struct RunOptions {
  // The folder of the probes, the runner, the bystander and the stand-in on this machine.
  std::filesystem::path probes;
  // A manager over the root file system; over the machine's own, or the machine's own, for "".
  std::function<Result<std::unique_ptr<Manager>>(const std::string& root)> open_manager;
  // The release (trixie) that the machine is of, where a suite whose Root= that is may run on it.
  std::string release = {};
};

// The folder of a suite's Root=: a path, or a release that scripts/rootfs has made.
std::filesystem::path root_folder(const std::string& root);

// The names of the probes in a folder.
std::vector<std::string> probe_names(const std::filesystem::path& folder);

class SuiteRun {
 public:
  SuiteRun(Suite suite, RunOptions options);
  ~SuiteRun();

  const Suite& suite() const { return suite_; }

  // Boots what the suite needs with the first claim. What keeps a claim from being tried is told as
  // `unproven`, or as `untestable` where the machine is not one that the suite is about.
  ClaimResult run(const Claim& claim);

  // The four cells of an attempt on a unit of the suite, for tests written in C++.
  Result<Square> square_of(const std::string& unit, const Attempt& attempt);

  // What it runs on; nothing before the first claim.
  const ManagerFacts* facts() const;

 private:
  struct Group;

  Result<void> begin();
  Result<Weighed> weigh_claim(const Claim& claim);
  Result<Weighed> weigh_attempt(const Claim& claim, const AttemptClaim& attempt);
  Result<Weighed> weigh_property(const Claim& claim, const PropertyClaim& property);
  Result<Weighed> weigh_unit_state(const UnitStateClaim& state);
  Result<Weighed> weigh_path(const Claim& claim, const PathClaim& path);
  Result<Weighed> weigh_sysctl(const SysctlClaim& sysctl);
  Result<Weighed> weigh_syscall(const SyscallClaim& syscall);
  Result<Group*> group_of(const std::string& unit, const std::vector<std::string>& drop_in);
  Result<void> run_attempts_of(Group& group);
  Result<void> run_alone(Group& group, const std::vector<const AttemptClaim*>& claims);

  Suite suite_;
  RunOptions options_;
  std::optional<Error> failure_;
  bool is_untestable_ = false;  // the failure is the machine's
  std::unique_ptr<Ground> ground_;
  std::vector<std::unique_ptr<Group>> groups_;
  std::map<std::string, std::vector<std::string>> calls_of_groups_;
};

}  // namespace sandproof::claim
