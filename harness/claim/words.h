// The small words of suites: durations, octal modes, ranges.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "claim/claim.h"

namespace sandproof::claim {

// systemd.time(7): "30s", "1min 30s", "500ms", "12h", a plain number of seconds, "infinity".
std::optional<Microseconds> parse_duration(std::string_view text);
// "1min 30s"
std::string to_string(Microseconds duration);

struct Range {
  Microseconds least;
  Microseconds most;
};
// "500ms..2s"
std::optional<Range> parse_range(std::string_view text);

// "0600"
std::optional<unsigned> parse_mode(std::string_view text);
std::string mode_text(unsigned mode);

std::optional<int> parse_integer(std::string_view text);

}  // namespace sandproof::claim
