// One unit through the whole pipeline: from its name or file to the verdicts.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "base/result.h"
#include "manager/manager.h"
#include "model/check.h"

namespace sandproof {

struct CheckOptions {
  // The folder of the probes, the runner and the bystander on this machine.
  std::filesystem::path probes;
  // One transient unit an attempt, as where the sandbox keeps the runner from forking.
  bool without_runner = false;
  // Called with what is being done, for a progress line.
  std::function<void(const std::string&)> progress = [](const std::string&) {};
  // Take the directives away one by one, to see which carries what.
  bool ablate = false;
};

Result<CheckResult> check_unit(Manager& manager, const std::string& unit,
                               const CheckOptions& options);

}  // namespace sandproof
