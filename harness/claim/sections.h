// The sections of a text in unit-file syntax, each by itself though names repeat, with lines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sandproof::claim {

struct Entry {
  std::string name;
  std::string value;  // continuation lines joined
  int line = 0;
};

struct Section {
  std::string name;
  std::vector<Entry> entries;
  int line = 0;
};

// `file` is what messages call the text: "suites/x.suite:12: …".
Result<std::vector<Section>> read_sections(std::string_view text, const std::string& file);

Error error_at(const std::string& file, int line, const std::string& message);

}  // namespace sandproof::claim
