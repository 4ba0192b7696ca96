// What `check --ablate` found, told directive by directive.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model/check.h"

namespace sandproof::report {

// A line a directive that was taken away, and more where it carries more than one kind of thing:
//
//   ProtectSystem=strict  carries fs-write /etc, fs-write /usr and 3 more
//                         shares with ReadOnlyPaths: fs-write /srv
//   PrivateTmp=yes        idle
//
// It carries what goes through as soon as it is taken away, and shares what others stop as well; of
// many attempts, and of many others, the first few are told.
// Nothing where nothing was taken away. `width` is in columns.
std::vector<std::string> load_lines(const CheckResult& result, std::size_t width);

}  // namespace sandproof::report
