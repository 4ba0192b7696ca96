// What a unit file says against what systemd made of it. systemd is the one that parses: only
// values with one plain meaning are compared, for the mistakes that it does not log.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/settings.h"

namespace sandproof::unit {

// "yes", "true", "on" and "1" are true: parse_boolean() in systemd's source.
std::optional<bool> parse_boolean(std::string_view text);

// Whether two values of a directive are the same to systemd; false where that cannot be told.
bool is_same_value(std::string_view a, std::string_view b);

// Whether the later value of the directive leaves the service no more than the earlier does.
bool is_at_least_as_strict(std::string_view directive, std::string_view earlier,
                           std::string_view later);

// Whether a directive's lines add up, and an empty one starts anew.
bool is_list(std::string_view directive, const Settings& settings);

// The words of a list of capabilities that are no capability's name. systemd skips them silently.
std::vector<std::string> unknown_capabilities(const std::vector<std::string>& words);

// The bits of core(5) that the words of CoredumpFilter= name; nothing where one is of neither form.
std::optional<std::uint64_t> coredump_filter(const std::vector<std::string>& words);
// What it is where nobody says otherwise: core(5).
inline constexpr std::uint64_t coredump_filter_by_default = 0x33;

// What systemd has instead of what the file says; nothing where they agree or cannot be compared.
std::optional<std::string> contradiction(std::string_view directive, std::string_view value,
                                         const Settings& settings);

// The effective value of a directive as a unit file would have it.
std::string effective_value(std::string_view directive, const Settings& settings);

}  // namespace sandproof::unit
