#include <array>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "guarantee/expect.h"
#include "guarantee/families.h"

namespace sandproof::guarantee {

namespace {

struct Kind {
  const char* directive;
  const char* mode;
  const char* links;
};

constexpr Kind runtime = {"RuntimeDirectory", "RuntimeDirectoryMode", "RuntimeDirectorySymlink"};
constexpr Kind state = {"StateDirectory", "StateDirectoryMode", "StateDirectorySymlink"};
constexpr Kind cache = {"CacheDirectory", "CacheDirectoryMode", "CacheDirectorySymlink"};
constexpr Kind logs = {"LogsDirectory", "LogsDirectoryMode", "LogsDirectorySymlink"};
constexpr Kind configuration = {"ConfigurationDirectory", "ConfigurationDirectoryMode", ""};

std::vector<std::string> directories(const Subject& subject, const Kind& kind) {
  auto names = subject.settings.texts(kind.directive);
  for (std::string& name : names) name.insert(0, subject.parents.of(kind.directive) + "/");
  return names;
}

// Why they cannot be looked at: on a host they are there once the unit itself has started.
std::string missing(const Subject& subject, const std::vector<std::string>& paths) {
  if (subject.makes_directories) return {};
  for (const std::string& path : paths) {
    if (!subject.exists(path)) return path + " is not there before the unit itself has started";
  }
  return {};
}

// StateDirectory=x::ro, since 257: (name, symbolic link, flags), and the first flag says so. Older
// ones ignore it, and have no flag.
bool is_read_only(const Subject& subject, const Kind& kind, const std::string& directory) {
  const Value* links = subject.settings.find(kind.links);
  const std::string parent = subject.parents.of(kind.directive) + "/";
  if (links == nullptr || !links->is_container()) return false;
  for (const Value& link : links->elements()) {
    if (!link.is_container() || link.elements().size() != 3) continue;
    const auto* flags = std::get_if<std::uint64_t>(&link.elements()[2].data);
    if (parent + to_string(link.elements()[0]) != directory) continue;
    if (flags != nullptr && (*flags & 1) != 0) return true;
  }
  return false;
}

// Made before the start, given to the unit's user and left writable, whatever ProtectSystem= says.
Promise own_directory(const Subject& subject, const Kind& kind) {
  const auto paths = directories(subject, kind);
  if (const auto why = missing(subject, paths); !why.empty()) return Promise::untestable(why);
  Promise promise;
  for (const std::string& path : paths) {
    promise.attempts.push_back(must_be_granted({"fs-owned", {path}}));
    if (is_read_only(subject, kind, path)) continue;
    promise.attempts.push_back(must_be_granted({"fs-write", {path}}));
  }
  return promise.attempts.empty() ? Promise::off() : promise;
}

// The bits of 07777 that a directory has at most.
Promise mode_of(const Subject& subject, const Kind& kind) {
  char mode[8];
  std::snprintf(mode, sizeof mode, "%04o",
                static_cast<unsigned>(subject.settings.number(kind.mode) & 07777));
  const auto paths = directories(subject, kind);
  if (const auto why = missing(subject, paths); !why.empty()) return Promise::untestable(why);
  Promise promise;
  for (const std::string& path : paths) {
    promise.attempts.push_back(must_be_granted({"fs-mode", {path, mode}}));
  }
  return promise.attempts.empty() ? Promise::off() : promise;
}

// It stays root's where it was there before, and keeps its mode: a service is not meant to write
// its own configuration. All that is promised is that it is there.
Promise configuration_directory(const Subject& subject) {
  const auto paths = directories(subject, configuration);
  if (const auto why = missing(subject, paths); !why.empty()) return Promise::untestable(why);
  Promise promise;
  for (const std::string& path : paths) {
    promise.attempts.push_back(must_be_granted({"fs-mode", {path, "7777"}}));
  }
  return promise.attempts.empty() ? Promise::off() : promise;
}

template <const Kind& kind>
Promise directory(const Subject& subject) {
  return own_directory(subject, kind);
}

template <const Kind& kind>
Promise directory_mode(const Subject& subject) {
  return mode_of(subject, kind);
}

// A credential that is named without a path comes from the manager's own, or from a folder that
// systemd looks through; one that is nowhere is left out without a word.
bool is_to_be_found(const Subject& subject, const std::string& source) {
  if (source.starts_with('/')) return true;
  for (const char* folder : {"/run/credentials/@system/", "/run/credstore/", "/etc/credstore/",
                             "/usr/local/lib/credstore/", "/usr/lib/credstore/"}) {
    if (subject.exists(folder + source)) return true;
  }
  return false;
}

// The unit may read what it is handed, and may not change it: neither may root, for the folder is a
// read-only mount. Without the directive there is no such folder, so nothing can be shown but that
// the way is shut.
Promise credentials(const std::vector<std::string>& names) {
  Promise promise;
  for (const std::string& name : names) {
    promise.attempts.push_back(must_be_granted({"read-credential", {name}}));
  }
  promise.attempts.push_back(side_door("a change of the folder that they are in",
                                       {"change-credentials", {}}, {denied(EROFS), denied(EACCES)},
                                       ""));
  return promise;
}

// LoadCredential= and LoadCredentialEncrypted=: a list of (name, source).
template <const char* const& directive>
Promise loaded_credentials(const Subject& subject) {
  const Value* list = subject.settings.find(directive);
  if (list == nullptr || !list->is_container() || list->elements().empty()) return Promise::off();
  std::vector<std::string> names;
  for (const Value& row : list->elements()) {
    if (!row.is_container() || row.elements().size() != 2) continue;
    if (!is_to_be_found(subject, to_string(row.elements()[1]))) continue;
    names.push_back(to_string(row.elements()[0]));
  }
  if (names.empty()) return Promise::untestable("none of its credentials is there to be loaded");
  return credentials(names);
}

// SetCredential= and SetCredentialEncrypted=: a list of (name, content).
template <const char* const& directive>
Promise set_credentials(const Subject& subject) {
  const Value* list = subject.settings.find(directive);
  if (list == nullptr || !list->is_container() || list->elements().empty()) return Promise::off();
  std::vector<std::string> names;
  for (const Value& row : list->elements()) {
    if (row.is_container() && !row.elements().empty()) {
      names.push_back(to_string(row.elements()[0]));
    }
  }
  return credentials(names);
}

constexpr const char* load_credential = "LoadCredential";
constexpr const char* load_credential_encrypted = "LoadCredentialEncrypted";
constexpr const char* set_credential = "SetCredential";
constexpr const char* set_credential_encrypted = "SetCredentialEncrypted";

// Names of credentials, perhaps with a * at the end: those are known to systemd alone.
Promise import_credential(const Subject& subject) {
  const auto wanted = subject.settings.texts("ImportCredential");
  if (wanted.empty()) return Promise::off();
  std::vector<std::string> names;
  for (const std::string& name : wanted) {
    const bool is_pattern = name.find_first_of("*?[") != std::string::npos;
    if (!is_pattern && is_to_be_found(subject, name)) names.push_back(name);
  }
  if (names.empty()) return Promise::untestable("it names no credential that is known to be there");
  return credentials(names);
}

constexpr std::array table = {
    Guarantee{"CacheDirectory", directory<cache>},
    Guarantee{"CacheDirectoryMode", directory_mode<cache>},
    Guarantee{"ConfigurationDirectory", configuration_directory},
    Guarantee{"ConfigurationDirectoryMode", directory_mode<configuration>},
    Guarantee{"ImportCredential", import_credential},
    Guarantee{"LoadCredential", loaded_credentials<load_credential>},
    Guarantee{"LoadCredentialEncrypted", loaded_credentials<load_credential_encrypted>},
    Guarantee{"LogsDirectory", directory<logs>},
    Guarantee{"LogsDirectoryMode", directory_mode<logs>},
    Guarantee{"RuntimeDirectory", directory<runtime>},
    Guarantee{"RuntimeDirectoryMode", directory_mode<runtime>},
    Guarantee{"SetCredential", set_credentials<set_credential>},
    Guarantee{"SetCredentialEncrypted", set_credentials<set_credential_encrypted>},
    Guarantee{"StateDirectory", directory<state>},
    Guarantee{"StateDirectoryMode", directory_mode<state>},
};

}  // namespace

std::span<const Guarantee> directory_guarantees() { return table; }

}  // namespace sandproof::guarantee
