// libFuzzer on the suite reader: whatever a file holds, it is read or refused with a sentence.

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "claim/suite.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto suite = sandproof::claim::parse_suite(text, "x.suite", {"fs-write", "set-time"});
  assert(suite ? !suite->claims.empty() : suite.error().message.starts_with("x.suite:"));
  return 0;
}
