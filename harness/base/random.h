#pragma once

#include <string>

namespace sandproof {

// Sixteen hexadecimal digits from getrandom(2): names that nobody can guess, so that runs can
// overlap and nobody can lie in wait for one.
std::string random_name();

}  // namespace sandproof
