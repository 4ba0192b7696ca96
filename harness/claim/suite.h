// Reads suites: unit-file syntax (systemd.syntax(7)) in which sections repeat.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "claim/claim.h"

namespace sandproof::claim {

// `name` is what messages call the text. No probe's name is looked at where `probes` is empty.
Result<Suite> parse_suite(std::string_view text, const std::string& name,
                          const std::vector<std::string>& probes);

// Reads the file, and looks whether what it names beside it is there.
Result<Suite> load_suite(const std::filesystem::path& file, const std::vector<std::string>& probes);

// The suites of a folder, sorted; a file is itself.
Result<std::vector<std::filesystem::path>> suite_files(const std::filesystem::path& path);

// A text file of somebody else's, of a size that a person may have written.
Result<std::string> read_text_file(const std::filesystem::path& file);

// The placeholders that stand for what an attempt is made upon: "root-pid", "inode:net", ….
const std::vector<std::string>& placeholder_names();

}  // namespace sandproof::claim
