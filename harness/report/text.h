// The result of a check for people.
#pragma once

#include <string>

#include "model/check.h"

namespace sandproof::report {

struct TextOptions {
  bool colour = false;
  bool verbose = false;  // the square of every attempt under its directives
  int width = 100;       // columns; at least 60 are used
};

// One line a directive, worst first, with the attempt that decides and what was seen of it; below a
// finding why, and the line that reproduces it. The width is kept, but for what is there to be
// copied: paths and reproduce lines. Nothing in it steers a terminal but the colours.
std::string text_report(const CheckResult& result, const TextOptions& options);

}  // namespace sandproof::report
