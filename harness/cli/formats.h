// --format: one result in as many formats as are asked for.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/check.h"

namespace sandproof::cli {

struct FormatOptions {
  std::vector<std::string> wanted;  // "junit=out.xml", or "text" for --output or standard output
  std::string output;
  bool verbose = false;
};

// --format, --output and --verbose.
void add_format_options(CLI::App& command, FormatOptions& options);

// What is wrong with them together, before anything is run.
Result<void> check_formats(const FormatOptions& options);

// Every format that is asked for, each from the same results; text where none is.
Result<void> write_formats(const std::vector<CheckResult>& results, const FormatOptions& options);

}  // namespace sandproof::cli
