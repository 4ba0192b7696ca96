// What a run says of documentation, for people and for machines.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "model/check.h"
#include "model/claim.h"
#include "model/documentation.h"

namespace sandproof::report {

// The claims of one suite, on the manager that they were tried on.
struct SuiteResult {
  std::string name;
  std::string document;
  ManagerFacts manager;  // systemd 0: none could be had
  std::vector<ClaimResult> claims;
};

struct ClaimsTextOptions {
  bool colour = false;
  bool verbose = false;  // the evidence of what is confirmed, too
  int width = 100;
};

// What is not as expected first; of what is not confirmed, the evidence.
std::string claims_text(std::span<const SuiteResult> suites, const ClaimsTextOptions& options);

// Schema "sandproof/claims/1": all claims of all suites in one list.
std::string claims_json(std::span<const SuiteResult> suites);

// A page: for each document its refuted claims and its confirmed ones, with their evidence.
std::string claims_markdown(std::span<const SuiteResult> suites);

// What a page says of a unit, worst first; the schema is "sandproof/documentation/1".
std::string documentation_text(const DocumentationResult& result);
std::string documentation_json(const DocumentationResult& result);

}  // namespace sandproof::report
