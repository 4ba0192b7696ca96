#include "base/names.h"

#include <csignal>
#include <cstring>

namespace sandproof {

// Linux's errno values end at EHWPOISON (133); the margin costs nothing.
constexpr int errno_limit = 256;

std::string errno_name(int number) {
  const char* name = strerrorname_np(number);
  return name != nullptr && number != 0 ? name : "errno " + std::to_string(number);
}

std::optional<int> errno_number(std::string_view name) {
  for (int number = 1; number < errno_limit; ++number) {
    const char* candidate = strerrorname_np(number);
    if (candidate != nullptr && name == candidate) return number;
  }
  // Second names of one number, which the C library maps one way only.
  if (name == "EWOULDBLOCK") return errno_number("EAGAIN");
  if (name == "EOPNOTSUPP") return errno_number("ENOTSUP");
  if (name == "EDEADLOCK") return errno_number("EDEADLK");
  return std::nullopt;
}

std::string signal_name(int number) {
  const char* name = sigabbrev_np(number);
  return name != nullptr ? "SIG" + std::string(name) : "signal " + std::to_string(number);
}

std::optional<int> signal_number(std::string_view name) {
  for (int number = 1; number < NSIG; ++number) {
    if (name == signal_name(number)) return number;
  }
  return std::nullopt;
}

std::string errno_text(int number) {
  const char* text = strerrordesc_np(number);
  return text != nullptr ? text : errno_name(number);
}

}  // namespace sandproof
