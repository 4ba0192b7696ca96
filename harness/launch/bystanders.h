// Processes of ours outside of the sandbox, with what attempts are made upon: listeners, shared
// memory, files. They run in bare units of the same manager and clean up after themselves.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "guarantee/guarantee.h"
#include "launch/clone.h"
#include "launch/launcher.h"

namespace sandproof::launch {

class Bystanders {
 public:
  // One of root's, with all there is to attempt upon, and one of the unit's user. A user manager
  // has no root, so there its user's has it all, and the process of root's is one of the machine's.
  static Result<std::unique_ptr<Bystanders>> start(LaunchContext& context, const Identity& user);
  ~Bystanders();

  const guarantee::Bystander& facts() const { return facts_; }

 private:
  struct Process;

  explicit Bystanders(LaunchContext& context);
  Result<void> start_process(const std::string& label, const Identity& identity,
                             const std::vector<std::string>& arguments);
  Result<void> wait_until_ready();

  LaunchContext& context_;
  guarantee::Bystander facts_;
  std::vector<std::unique_ptr<Process>> processes_;
};

// Holds the dynamic user of a DynamicUser= unit for as long as it lives, so that a bare cell can be
// run as the very same number: DynamicUser= itself implies half a sandbox that cannot be turned
// off.
class DynamicUserHolder {
 public:
  static Result<std::unique_ptr<DynamicUserHolder>> start(LaunchContext& context,
                                                          const std::string& user);
  ~DynamicUserHolder();

  const Identity& identity() const { return identity_; }

 private:
  DynamicUserHolder() = default;

  Identity identity_;
  bool is_ready_ = false;
  bool has_ended_ = false;
  std::unique_ptr<TransientUnit> unit_;
};

}  // namespace sandproof::launch
