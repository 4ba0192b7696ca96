// Names of error numbers and signals, as the C library spells them: "EROFS", "SIGSYS".
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sandproof {

// "EROFS"; for a number that has no name, "errno 4711".
std::string errno_name(int number);
std::optional<int> errno_number(std::string_view name);

// "SIGSYS"; for a number that has no name, "signal 99".
std::string signal_name(int number);
std::optional<int> signal_number(std::string_view name);

// "Permission denied", for messages to people.
std::string errno_text(int number);

}  // namespace sandproof
