// Why a unit does not start, for people and for machines.
#pragma once

#include <string>

#include "model/explanation.h"
#include "report/text.h"

namespace sandproof::report {

// First what happened and why, then what to do about it; the rest is evidence.
std::string text_report(const Explanation& explanation, const TextOptions& options);

// Schema "sandproof/explain/1", indented, with a line end.
std::string json_report(const Explanation& explanation);

}  // namespace sandproof::report
