// The result of a check for machines.
#pragma once

#include <span>
#include <string>

#include "model/check.h"

namespace sandproof::report {

// Schema "sandproof/check/1", indented, with a line end. One result is the object itself; none or
// several are {"schema": …, "units": […]} with one such object a unit. The order of the keys is
// stable; what there is nothing to say of is null; bytes that are not UTF-8 become U+FFFD.
std::string json_report(std::span<const CheckResult> results);

}  // namespace sandproof::report
