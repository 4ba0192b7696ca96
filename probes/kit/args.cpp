#include "kit/args.h"

#include <linux/auxvec.h>
#include <stdint.h>

#include "kit/text.h"

namespace probe {

Number parse_number(const char* text) {
  const bool negative = *text == '-';
  if (negative) ++text;
  if (*text == '\0') return {};
  long value = 0;
  for (; *text != '\0'; ++text) {
    if (*text < '0' || *text > '9') return {};
    if (__builtin_mul_overflow(value, 10, &value)) return {};
    if (__builtin_add_overflow(value, *text - '0', &value)) return {};
  }
  return {.valid = true, .value = negative ? -value : value};
}

const char* Args::environment(const char* name) const {
  for (char** variable = environment_; *variable != nullptr; ++variable) {
    const char* rest = after_prefix(*variable, name);
    if (rest != nullptr && *rest == '=') return rest + 1;
  }
  return nullptr;
}

Args::Token Args::token() const {
  char** end = environment_;
  while (*end != nullptr) ++end;
  // The auxiliary vector follows the environment: pairs of a type and a value.
  auto* entry = reinterpret_cast<const uintptr_t*>(end + 1);
  while (entry[0] != AT_RANDOM && entry[0] != AT_NULL) entry += 2;

  Token token{};
  for (size_t i = 0; i < sizeof token.text - 1; ++i) {
    unsigned bits = 0;
    if (entry[0] == AT_RANDOM) {
      bits = reinterpret_cast<const unsigned char*>(entry[1])[i / 2] >> (i % 2 * 4);
    }
    token.text[i] = "0123456789abcdef"[bits & 0xf];
  }
  return token;
}

}  // namespace probe
