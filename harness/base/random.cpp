#include "base/random.h"

#include <sys/random.h>

#include <array>
#include <cassert>

namespace sandproof {

std::string random_name() {
  std::array<unsigned char, 8> bytes{};
  // Never short for so few bytes once the kernel's pool is ready: getrandom(2).
  [[maybe_unused]] const auto count = getrandom(bytes.data(), bytes.size(), 0);
  assert(count == static_cast<ssize_t>(bytes.size()));
  std::string name;
  for (const unsigned char byte : bytes) {
    name += "0123456789abcdef"[byte >> 4];
    name += "0123456789abcdef"[byte & 15];
  }
  return name;
}

}  // namespace sandproof
