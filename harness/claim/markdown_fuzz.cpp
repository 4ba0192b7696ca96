// libFuzzer on the reader of documentation: every name that it finds is one.

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "claim/markdown.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto mentions = sandproof::claim::find_mentions(text);
  if (!mentions) return 0;
  for (const auto& mention : sandproof::claim::merge_mentions(*mentions)) {
    assert(mention.name.size() > 2 && mention.name.find('=') == std::string::npos);
  }
  return 0;
}
