// Runs the built program as a person does, and keeps what it said.
#pragma once

#include <string>
#include <vector>

namespace sandproof::testing_support {

struct Ran {
  int status = -1;  // the exit status, or 128 and the signal
  std::string out;
  std::string err;
};

Ran run(const std::string& program, const std::vector<std::string>& arguments);

}  // namespace sandproof::testing_support
