#include "claim/words.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

#include "base/text.h"

namespace sandproof::claim {

namespace {

struct TimeUnit {
  std::string_view name;
  double microseconds;
};

constexpr std::array<TimeUnit, 13> time_units = {{{"us", 1},
                                                  {"ms", 1e3},
                                                  {"s", 1e6},
                                                  {"sec", 1e6},
                                                  {"", 1e6},
                                                  {"m", 60e6},
                                                  {"min", 60e6},
                                                  {"h", 3600e6},
                                                  {"hr", 3600e6},
                                                  {"d", 86400e6},
                                                  {"day", 86400e6},
                                                  {"days", 86400e6},
                                                  {"w", 604800e6}}};

std::optional<double> unit_of(std::string_view name) {
  for (const auto& unit : time_units) {
    if (unit.name == name) return unit.microseconds;
  }
  return std::nullopt;
}

// One "30s" from the front of the text.
std::optional<double> take_part(std::string_view& text) {
  double number = 0;
  const auto parsed =
      std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (parsed.ec != std::errc() || number < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(parsed.ptr - text.data()));
  const auto end = text.find_first_of("0123456789. \t");
  const auto unit = unit_of(text.substr(0, end));
  text = end == std::string_view::npos ? std::string_view() : trim(text.substr(end));
  if (!unit) return std::nullopt;
  return number * *unit;
}

}  // namespace

std::optional<Microseconds> parse_duration(std::string_view text) {
  text = trim(text);
  if (text == "infinity") return Microseconds::max();
  if (text.empty()) return std::nullopt;
  double total = 0;
  while (!text.empty()) {
    const auto part = take_part(text);
    if (!part) return std::nullopt;
    total += *part;
  }
  // A century: beyond it nothing in a unit file is meant.
  if (!std::isfinite(total) || total > 3.2e15) return std::nullopt;
  return Microseconds(std::llround(total));
}

std::string to_string(Microseconds duration) {
  if (duration == Microseconds::max()) return "infinity";
  const auto count = duration.count();
  if (count < 1000) return fmt::format("{}us", count);
  if (count < 1'000'000) return fmt::format("{}ms", count / 1000);
  if (count < 60'000'000) return fmt::format("{:g}s", static_cast<double>(count / 10'000) / 100);
  std::string text;
  const auto add = [&text](long long number, const char* unit) {
    if (number != 0) text += fmt::format("{}{}{}", text.empty() ? "" : " ", number, unit);
  };
  add(count / 3'600'000'000, "h");
  add(count / 60'000'000 % 60, "min");
  add(count / 1'000'000 % 60, "s");
  return text;
}

std::optional<Range> parse_range(std::string_view text) {
  const auto dots = text.find("..");
  if (dots == std::string_view::npos) return std::nullopt;
  const auto least = parse_duration(text.substr(0, dots));
  const auto most = parse_duration(text.substr(dots + 2));
  if (!least || !most || *most < *least) return std::nullopt;
  return Range{*least, *most};
}

std::optional<unsigned> parse_mode(std::string_view text) {
  unsigned mode = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() || mode > 07777) {
    return std::nullopt;
  }
  return mode;
}

std::string mode_text(unsigned mode) { return fmt::format("{:04o}", mode); }

std::optional<int> parse_integer(std::string_view text) {
  int number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace sandproof::claim
