// Runs another program: no shell, a deadline, and what it says when it fails.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/result.h"

namespace sandproof {

// Gives the program the input and answers its standard output. A name without a slash is looked for
// in $PATH and in the folders of the administrator's programs. An exit status other than 0 is an
// error that ends with what the program said on its standard error.
Result<std::string> run_program(const std::string& program,
                                const std::vector<std::string>& arguments,
                                const std::string& input = {},
                                std::chrono::milliseconds limit = std::chrono::seconds(30));

}  // namespace sandproof
