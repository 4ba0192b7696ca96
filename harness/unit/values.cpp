#include "unit/values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <utility>

#include "base/text.h"
#include "unit/known.h"

namespace sandproof::unit {

namespace {

// By number: capabilities(7) and linux/capability.h.
constexpr std::string_view capabilities[] = {"CAP_CHOWN",
                                             "CAP_DAC_OVERRIDE",
                                             "CAP_DAC_READ_SEARCH",
                                             "CAP_FOWNER",
                                             "CAP_FSETID",
                                             "CAP_KILL",
                                             "CAP_SETGID",
                                             "CAP_SETUID",
                                             "CAP_SETPCAP",
                                             "CAP_LINUX_IMMUTABLE",
                                             "CAP_NET_BIND_SERVICE",
                                             "CAP_NET_BROADCAST",
                                             "CAP_NET_ADMIN",
                                             "CAP_NET_RAW",
                                             "CAP_IPC_LOCK",
                                             "CAP_IPC_OWNER",
                                             "CAP_SYS_MODULE",
                                             "CAP_SYS_RAWIO",
                                             "CAP_SYS_CHROOT",
                                             "CAP_SYS_PTRACE",
                                             "CAP_SYS_PACCT",
                                             "CAP_SYS_ADMIN",
                                             "CAP_SYS_BOOT",
                                             "CAP_SYS_NICE",
                                             "CAP_SYS_RESOURCE",
                                             "CAP_SYS_TIME",
                                             "CAP_SYS_TTY_CONFIG",
                                             "CAP_MKNOD",
                                             "CAP_LEASE",
                                             "CAP_AUDIT_WRITE",
                                             "CAP_AUDIT_CONTROL",
                                             "CAP_SETFCAP",
                                             "CAP_MAC_OVERRIDE",
                                             "CAP_MAC_ADMIN",
                                             "CAP_SYSLOG",
                                             "CAP_WAKE_ALARM",
                                             "CAP_BLOCK_SUSPEND",
                                             "CAP_AUDIT_READ",
                                             "CAP_PERFMON",
                                             "CAP_BPF",
                                             "CAP_CHECKPOINT_RESTORE"};
constexpr std::size_t capability_count = std::size(capabilities);

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

bool is_capability(std::string_view word) {
  const auto is_it = [&](std::string_view name) { return lower(name) == lower(word); };
  if (std::any_of(std::begin(capabilities), std::end(capabilities), is_it)) return true;
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  return error == std::errc() && end == word.data() + word.size() && number < capability_count;
}

bool is_capability_set(std::string_view directive) {
  return directive == "CapabilityBoundingSet" || directive == "AmbientCapabilities";
}

// "CAP_CHOWN CAP_KILL", or what is missing of all: "~CAP_MKNOD CAP_SYS_RAWIO".
std::string capability_text(std::uint64_t set) {
  std::vector<std::string> in;
  std::vector<std::string> out;
  for (std::size_t i = 0; i < capability_count; ++i) {
    ((set >> i & 1U) != 0 ? in : out).emplace_back(capabilities[i]);
  }
  return in.size() <= out.size() ? join(in, " ") : "~" + join(out, " ");
}

std::string plain(std::string_view value) {
  const auto boolean = parse_boolean(value);
  if (boolean) return *boolean ? "yes" : "no";
  return std::string(value);
}

// What D-Bus says for "yes" where a directive has got more values since.
constexpr std::pair<std::string_view, std::string_view> words_for_yes[] = {
    {"PrivateTmp", "connected"}, {"PrivateUsers", "self"}};

std::string plain_of(std::string_view directive, std::string_view value) {
  for (const auto& [name, word] : words_for_yes) {
    if (name == directive && word == value) return "yes";
  }
  return plain(value);
}

// Weakest first. A directive that is not here is on or off.
struct Scale {
  std::string_view directive;
  std::array<std::string_view, 4> values;
};

constexpr Scale scales[] = {
    {"ProtectSystem", {"no", "yes", "full", "strict"}},
    {"ProtectHome", {"no", "read-only", "tmpfs", "yes"}},
    {"PrivateTmp", {"no", "yes", "disconnected", ""}},
    {"PrivateUsers", {"no", "full", "identity", "yes"}},
    {"ProtectProc", {"default", "ptraceable", "noaccess", "invisible"}},
    {"ProcSubset", {"all", "pid", "", ""}},
    {"ProtectControlGroups", {"no", "yes", "private", "strict"}},
    {"DevicePolicy", {"auto", "closed", "strict", ""}},
};

// These give: without them, or with fewer, the service has less.
constexpr std::string_view grants[] = {
    "AmbientCapabilities", "BindPaths",        "CapabilityBoundingSet", "DeviceAllow",
    "ExecPaths",           "IPAddressAllow",   "ReadWritePaths",        "SocketBindAllow",
    "SupplementaryGroups", "BindReadOnlyPaths"};

std::optional<std::size_t> rank(std::string_view directive, std::string_view value) {
  const std::string text = plain_of(directive, value);
  for (const auto& scale : scales) {
    if (scale.directive != directive) continue;
    const auto* found = std::find(scale.values.begin(), scale.values.end(), text);
    if (text.empty() || found == scale.values.end()) return std::nullopt;
    return static_cast<std::size_t>(found - scale.values.begin());
  }
  if (text == "no") return 0;
  if (text == "yes") return 1;
  return std::nullopt;
}

// Its value as text where it is one of a few words, the more telling twin first.
std::optional<std::string> word_of(std::string_view directive, const Settings& settings) {
  const std::string property = property_of(directive);
  if (const Value* twin = settings.find(property + "Ex"); twin != nullptr) {
    if (twin->signature == "s") return plain_of(directive, to_string(*twin));
    if (twin->signature == "(ss)") return to_string(twin->elements().at(0));
  }
  const Value* value = settings.find(property);
  if (value == nullptr || (value->signature != "b" && value->signature != "s")) {
    return std::nullopt;
  }
  return to_string(*value);
}

}  // namespace

std::optional<bool> parse_boolean(std::string_view text) {
  const std::string word = lower(text);
  for (const char* yes : {"1", "yes", "y", "true", "t", "on"}) {
    if (word == yes) return true;
  }
  for (const char* no : {"0", "no", "n", "false", "f", "off"}) {
    if (word == no) return false;
  }
  return std::nullopt;
}

bool is_same_value(std::string_view a, std::string_view b) { return plain(a) == plain(b); }

bool is_at_least_as_strict(std::string_view directive, std::string_view earlier,
                           std::string_view later) {
  if (later.empty())
    return std::find(std::begin(grants), std::end(grants), directive) != std::end(grants);
  const auto before = rank(directive, earlier);
  const auto after = rank(directive, later);
  // What was off is no loss.
  return before && (*before == 0 || (after && *after >= *before));
}

bool is_list(std::string_view directive, const Settings& settings) {
  if (is_capability_set(directive) || directive == "RestrictNamespaces" ||
      directive == "CoredumpFilter") {
    return true;
  }
  if (directive == "RootHash" || directive == "RootHashSignature") return false;
  const Value* value = settings.find(property_of(directive));
  return value != nullptr && (value->signature.starts_with('a') || value->signature == "(bas)");
}

std::vector<std::string> unknown_capabilities(const std::vector<std::string>& words) {
  std::vector<std::string> result;
  for (const auto& word : words) {
    const std::string name = word.starts_with('~') ? word.substr(1) : word;
    if (!name.empty() && !is_capability(name)) result.push_back(name);
  }
  return result;
}

std::optional<std::uint64_t> coredump_filter(const std::vector<std::string>& words) {
  static constexpr std::string_view names[] = {
      "private-anonymous",  "shared-anonymous", "private-file-backed",
      "shared-file-backed", "elf-headers",      "private-huge",
      "shared-huge",        "private-dax",      "shared-dax"};
  std::uint64_t mask = 0;
  for (const auto& word : words) {
    const auto* const name = std::find(std::begin(names), std::end(names), word);
    if (name != std::end(names)) {
      mask |= std::uint64_t{1} << (name - std::begin(names));
      continue;
    }
    if (word == "default") {
      mask |= coredump_filter_by_default;
      continue;
    }
    const std::string_view digits = word.starts_with("0x") ? word.substr(2) : word;
    std::uint64_t bits = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), bits, 16);
    if (read.ec != std::errc() || read.ptr != digits.data() + digits.size()) return std::nullopt;
    mask |= bits;
  }
  return mask;
}

std::optional<std::string> contradiction(std::string_view directive, std::string_view value,
                                         const Settings& settings) {
  const auto effective = word_of(directive, settings);
  // Specifiers are systemd's to expand.
  if (!effective || value.empty() || value.find('%') != std::string_view::npos) {
    return std::nullopt;
  }
  if (plain_of(directive, value) == *effective) return std::nullopt;
  const Value* property = settings.find(property_of(directive));
  const bool is_switch = property != nullptr && property->signature == "b";
  const bool is_word = std::any_of(std::begin(scales), std::end(scales),
                                   [&](const auto& scale) { return scale.directive == directive; });
  if (!is_switch && !is_word) return std::nullopt;
  // Another directive may make it stricter than it says.
  if (is_at_least_as_strict(directive, value, *effective)) return std::nullopt;
  return *effective;
}

std::string effective_value(std::string_view directive, const Settings& settings) {
  if (const auto word = word_of(directive, settings)) return *word;
  const std::string property = property_of(directive);
  const Value* value = settings.find(property);
  if (value == nullptr) return {};
  if (is_capability_set(directive)) return capability_text(settings.number(property));
  return to_string(*value);
}

}  // namespace sandproof::unit
