#include "explain/narrow.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"

namespace sandproof::explain {

namespace {

// A program that needs more calls than this needs another filter.
constexpr int most_calls = 24;

// From linux/capability.h; where several would do, the first is preferred.
constexpr std::string_view capabilities[] = {"CAP_DAC_READ_SEARCH",
                                             "CAP_NET_BIND_SERVICE",
                                             "CAP_SETGID",
                                             "CAP_SETUID",
                                             "CAP_KILL",
                                             "CAP_FOWNER",
                                             "CAP_FSETID",
                                             "CAP_CHOWN",
                                             "CAP_DAC_OVERRIDE",
                                             "CAP_SETPCAP",
                                             "CAP_NET_RAW",
                                             "CAP_NET_ADMIN",
                                             "CAP_NET_BROADCAST",
                                             "CAP_IPC_LOCK",
                                             "CAP_IPC_OWNER",
                                             "CAP_SYS_NICE",
                                             "CAP_SYS_RESOURCE",
                                             "CAP_SYS_TIME",
                                             "CAP_SYS_CHROOT",
                                             "CAP_SYS_PTRACE",
                                             "CAP_SYS_PACCT",
                                             "CAP_SYS_BOOT",
                                             "CAP_SYS_MODULE",
                                             "CAP_SYS_RAWIO",
                                             "CAP_SYS_TTY_CONFIG",
                                             "CAP_MKNOD",
                                             "CAP_LEASE",
                                             "CAP_AUDIT_WRITE",
                                             "CAP_AUDIT_CONTROL",
                                             "CAP_AUDIT_READ",
                                             "CAP_SETFCAP",
                                             "CAP_MAC_OVERRIDE",
                                             "CAP_MAC_ADMIN",
                                             "CAP_SYSLOG",
                                             "CAP_WAKE_ALARM",
                                             "CAP_BLOCK_SUSPEND",
                                             "CAP_PERFMON",
                                             "CAP_BPF",
                                             "CAP_CHECKPOINT_RESTORE",
                                             "CAP_LINUX_IMMUTABLE",
                                             "CAP_SYS_ADMIN"};

constexpr std::string_view families[] = {"AF_UNIX",   "AF_INET", "AF_INET6", "AF_NETLINK",
                                         "AF_PACKET", "AF_ALG",  "AF_VSOCK", "AF_BLUETOOTH",
                                         "AF_CAN",    "AF_KEY",  "AF_TIPC",  "AF_XDP"};

// systemd takes a list by its first line: one that starts with ~ denies.
bool allows(const UnitText& text, const std::string& directive) {
  const auto lines = text.in_force(directive);
  return !lines.empty() && !lines.front().assignment.value.starts_with('~');
}

std::vector<std::string> plain_words(const UnitText& text, const std::string& directive) {
  std::vector<std::string> result;
  for (auto word : text.words_of(directive)) {
    if (word.starts_with('~')) word.erase(0, 1);
    if (!word.empty()) result.push_back(std::move(word));
  }
  return result;
}

Result<std::vector<std::string>> first_set(
    const Narrowing& narrowing, const std::vector<std::string>& elements,
    const std::function<std::vector<std::string>(const std::vector<std::string>&)>& lines_for) {
  const auto sets = isolate(elements, {}, [&](const std::vector<Names>& chosen) {
    std::vector<std::vector<std::string>> lines;
    for (const auto& set : chosen) lines.push_back(lines_for({set.begin(), set.end()}));
    return narrowing.try_lines(lines);
  });
  if (!sets) return sets.error();
  if (sets->empty()) return std::vector<std::string>();
  // Of several that do, the one that stands first in the list given.
  for (const auto& element : elements) {
    if (std::find(sets->begin(), sets->end(), Names{element}) != sets->end()) {
      return std::vector<std::string>{element};
    }
  }
  return std::vector<std::string>(sets->front().begin(), sets->front().end());
}

template <std::size_t size>
std::vector<std::string> missing_of(const std::string_view (&all)[size],
                                    const std::vector<std::string>& present) {
  std::vector<std::string> missing;
  for (const auto name : all) {
    if (std::find(present.begin(), present.end(), name) == present.end()) {
      missing.emplace_back(name);
    }
  }
  return missing;
}

// Which calls a filter lacks: one death after the other.
Result<std::vector<std::string>> missing_calls(const Narrowing& narrowing) {
  std::vector<std::string> calls;
  const auto add = [&calls](const std::string& call) {
    if (call.empty() || std::find(calls.begin(), calls.end(), call) != calls.end()) return false;
    calls.push_back(call);
    return true;
  };
  bool is_more = add(narrowing.failure.trace.fatal_call);
  // A filter with an errno kills nobody: then it is the calls that were refused.
  if (!is_more) {
    for (const auto& call : narrowing.failure.refused) is_more |= add(call.name);
  }
  while (is_more && calls.size() < most_calls) {
    const auto trial = narrowing.follow({"SystemCallFilter=" + join(calls, " ")});
    if (!trial) return trial.error();
    if (trial->starts) {
      return calls.size() == 1
                 ? Result<std::vector<std::string>>(calls)
                 : first_set(narrowing, calls, [](const std::vector<std::string>& set) {
                     return std::vector<std::string>{"SystemCallFilter=" + join(set, " ")};
                   });
    }
    is_more = add(trial->trace.fatal_call);
  }
  return std::vector<std::string>();
}

// Elements of lines that begin with ~: what a list takes away.
std::vector<std::string> denied_words(const UnitText& text, const std::string& directive) {
  std::vector<std::string> result;
  for (const auto& line : text.in_force(directive)) {
    if (!line.assignment.value.starts_with('~')) continue;
    for (auto& word : words(line.assignment.value.substr(1))) result.push_back(std::move(word));
  }
  return result;
}

void add(std::vector<Narrowed>& list, const UnitText& text, const std::string& directive,
         const std::vector<std::string>& elements, bool lacks) {
  if (elements.empty()) return;
  Narrowed narrowed{directive, elements, lacks, {}, 0};
  for (const auto& line : text.in_force(directive)) {
    const auto in_line = words(line.assignment.value);
    const bool has_it = std::any_of(in_line.begin(), in_line.end(), [&](const std::string& word) {
      return word == elements.front() || word == "~" + elements.front();
    });
    if (!has_it && !lacks) continue;
    narrowed.file = line.file;
    narrowed.line = line.assignment.line;
    break;
  }
  list.push_back(std::move(narrowed));
}

}  // namespace

Result<std::vector<Narrowed>> narrow(const Narrowing& narrowing, const std::string& directive) {
  const auto& text = narrowing.text;
  std::vector<Narrowed> result;
  if (!is_list(directive)) return result;
  const auto without = [&](const std::vector<std::string>& elements) {
    return lines_without(text, directive, elements);
  };
  const auto with = [&](const std::vector<std::string>& elements) {
    return std::vector<std::string>{directive + "=" + join(elements, " ")};
  };
  const bool is_allow_list = allows(text, directive);
  if (directive == "SystemCallFilter") {
    const auto calls = missing_calls(narrowing);
    if (!calls) return calls.error();
    add(result, text, directive, *calls, true);
    const auto groups = denied_words(text, directive);
    if (groups.empty()) return result;
    const auto denied = groups.size() == 1 && !is_allow_list
                            ? Result<std::vector<std::string>>(groups)
                            : first_set(narrowing, groups, without);
    if (!denied) return denied.error();
    add(result, text, directive, *denied, false);
    return result;
  }
  if (is_allow_list &&
      (directive == "CapabilityBoundingSet" || directive == "RestrictAddressFamilies")) {
    const auto present = text.words_of(directive);
    const auto missing = directive == "CapabilityBoundingSet" ? missing_of(capabilities, present)
                                                              : missing_of(families, present);
    const auto lacking = first_set(narrowing, missing, with);
    if (!lacking) return lacking.error();
    add(result, text, directive, *lacking, true);
    return result;
  }
  const auto elements = plain_words(text, directive);
  if (elements.size() < 2) return result;
  const auto blamed = first_set(narrowing, elements, without);
  if (!blamed) return blamed.error();
  add(result, text, directive, *blamed, false);
  return result;
}

}  // namespace sandproof::explain
