#include "explain/unit_text.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "base/text.h"
#include "unit/known.h"

namespace sandproof::explain {

namespace {

template <std::size_t size>
bool contains(const std::string_view (&names)[size], std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

// What the program is rather than what is done to it: a unit without it is another unit.
constexpr std::string_view kept[] = {"BusName",
                                     "Environment",
                                     "EnvironmentFile",
                                     "ExecCondition",
                                     "ExecReload",
                                     "ExecSearchPath",
                                     "ExecStart",
                                     "ExecStartPost",
                                     "ExecStartPre",
                                     "ExecStop",
                                     "ExecStopPost",
                                     "ExitType",
                                     "GuessMainPID",
                                     "IgnoreSIGPIPE",
                                     "KillMode",
                                     "KillSignal",
                                     "NonBlocking",
                                     "NotifyAccess",
                                     "PIDFile",
                                     "PassEnvironment",
                                     "RemainAfterExit",
                                     "SuccessExitStatus",
                                     "SyslogFacility",
                                     "SyslogIdentifier",
                                     "SyslogLevel",
                                     "SyslogLevelPrefix",
                                     "TimeoutStartSec",
                                     "TimeoutStopSec",
                                     "Type",
                                     "UnsetEnvironment",
                                     "SendSIGKILL",
                                     "SendSIGHUP",
                                     "FinalKillSignal",
                                     "RestartKillSignal",
                                     "OOMPolicy",
                                     "FileDescriptorStoreMax",
                                     "TimeoutSec",
                                     "TimeoutAbortSec",
                                     "TimeoutStopFailureMode",
                                     "ReloadSignal",
                                     "TimeoutStartFailureMode"};

// What a trial must not have: it restarts, reboots, or belongs to another unit.
constexpr std::string_view left_out[] = {"ExecReload",
                                         "ExecStop",
                                         "FailureAction",
                                         "FileDescriptorStoreMax",
                                         "LogRateLimitBurst",
                                         "LogRateLimitIntervalSec",
                                         "OOMPolicy",
                                         "RebootArgument",
                                         "Restart",
                                         "RestartForceExitStatus",
                                         "RestartMaxDelaySec",
                                         "RestartMode",
                                         "RestartPreventExitStatus",
                                         "RestartSec",
                                         "RestartSteps",
                                         "RuntimeMaxSec",
                                         "Slice",
                                         "Sockets",
                                         "StartLimitAction",
                                         "StartLimitBurst",
                                         "StartLimitInterval",
                                         "StartLimitIntervalSec",
                                         "SuccessAction",
                                         "TimeoutSec",
                                         "TimeoutStartFailureMode",
                                         "TimeoutStartSec",
                                         "TimeoutStopFailureMode",
                                         "TimeoutStopSec",
                                         "USBFunctionDescriptors",
                                         "USBFunctionStrings",
                                         "UtmpIdentifier",
                                         "UtmpMode",
                                         "WatchdogSec"};

constexpr std::string_view grants[] = {"AmbientCapabilities",
                                       "BindPaths",
                                       "BindReadOnlyPaths",
                                       "CacheDirectory",
                                       "CacheDirectoryMode",
                                       "ConfigurationDirectory",
                                       "ConfigurationDirectoryMode",
                                       "DynamicUser",
                                       "ExtensionDirectories",
                                       "ExtensionImages",
                                       "Group",
                                       "ImportCredential",
                                       "LoadCredential",
                                       "LoadCredentialEncrypted",
                                       "LogsDirectory",
                                       "LogsDirectoryMode",
                                       "MountImages",
                                       "OpenFile",
                                       "PAMName",
                                       "RootDirectory",
                                       "RootImage",
                                       "RuntimeDirectory",
                                       "RuntimeDirectoryMode",
                                       "SetCredential",
                                       "SetCredentialEncrypted",
                                       "StandardError",
                                       "StandardInput",
                                       "StandardInputData",
                                       "StandardInputText",
                                       "StandardOutput",
                                       "StateDirectory",
                                       "StateDirectoryMode",
                                       "SupplementaryGroups",
                                       "User",
                                       "WorkingDirectory"};

constexpr std::string_view lists[] = {"AmbientCapabilities",
                                      "BindPaths",
                                      "BindReadOnlyPaths",
                                      "CacheDirectory",
                                      "CapabilityBoundingSet",
                                      "ConfigurationDirectory",
                                      "DeviceAllow",
                                      "ExecPaths",
                                      "ExtensionDirectories",
                                      "ExtensionImages",
                                      "IPAddressAllow",
                                      "IPAddressDeny",
                                      "ImportCredential",
                                      "InaccessiblePaths",
                                      "LoadCredential",
                                      "LoadCredentialEncrypted",
                                      "LogsDirectory",
                                      "MountImages",
                                      "NoExecPaths",
                                      "OpenFile",
                                      "ReadOnlyPaths",
                                      "ReadWritePaths",
                                      "RestrictAddressFamilies",
                                      "RestrictFileSystems",
                                      "RestrictNetworkInterfaces",
                                      "RuntimeDirectory",
                                      "SetCredential",
                                      "SetCredentialEncrypted",
                                      "SocketBindAllow",
                                      "SocketBindDeny",
                                      "StateDirectory",
                                      "SupplementaryGroups",
                                      "SystemCallArchitectures",
                                      "SystemCallFilter",
                                      "SystemCallLog",
                                      "TemporaryFileSystem"};

// Of [Unit] only what decides whether the unit runs at all; what else it says is about others.
bool is_kept_of_unit_section(const std::string& name) {
  return name.starts_with("Condition") || name.starts_with("Assert") || name == "Description";
}

bool is_command(const std::string& name) {
  return name == "ExecStart" || name == "ExecStartPre" || name == "ExecStartPost" ||
         name == "ExecCondition";
}

std::string format_seconds(double seconds) {
  return std::to_string(static_cast<long>(std::ceil(seconds * 1000))) + "ms";
}

}  // namespace

bool is_grant(const std::string& directive) { return contains(grants, directive); }

bool is_list(const std::string& directive) { return contains(lists, directive); }

std::string reset_line(const std::string& directive) {
  static constexpr std::string_view booleans[] = {"DynamicUser",
                                                  "LockPersonality",
                                                  "MemoryDenyWriteExecute",
                                                  "MountAPIVFS",
                                                  "NoNewPrivileges",
                                                  "PrivateDevices",
                                                  "PrivateIPC",
                                                  "PrivateMounts",
                                                  "PrivateNetwork",
                                                  "PrivatePIDs",
                                                  "PrivateTmp",
                                                  "PrivateUsers",
                                                  "ProtectClock",
                                                  "ProtectControlGroups",
                                                  "ProtectHome",
                                                  "ProtectHostname",
                                                  "ProtectKernelLogs",
                                                  "ProtectKernelModules",
                                                  "ProtectKernelTunables",
                                                  "ProtectSystem",
                                                  "RemoveIPC",
                                                  "RestrictNamespaces",
                                                  "RestrictRealtime",
                                                  "RestrictSUIDSGID"};
  if (contains(booleans, directive)) return directive + "=no";
  if (directive == "ProcSubset") return "ProcSubset=all";
  if (directive == "ProtectProc") return "ProtectProc=default";
  if (directive == "DevicePolicy") return "DevicePolicy=auto";
  // The empty set is what an empty line means here: systemd.exec(5).
  if (directive == "CapabilityBoundingSet") return "CapabilityBoundingSet=~";
  return directive + "=";
}

UnitText::UnitText(const std::vector<UnitFile>& files) {
  for (const auto& file : files) {
    for (auto& assignment : unit::read_assignments(file.text)) {
      if (assignment.section == "Service") assignment.name = unit::today_name(assignment.name);
      lines_.push_back({std::move(assignment), file.name});
    }
  }
}

std::vector<std::string> UnitText::directives() const {
  std::vector<std::string> names;
  for (const auto& line : lines_) {
    const auto& name = line.assignment.name;
    if (line.assignment.section != "Service" || !line.assignment.has_equals ||
        contains(kept, name) || contains(left_out, name) || name.starts_with("X-")) {
      continue;
    }
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

std::vector<Line> UnitText::in_force(const std::string& directive) const {
  std::vector<Line> result;
  for (const auto& line : lines_) {
    if (line.assignment.section != "Service" || line.assignment.name != directive) continue;
    // An empty capability set is a value of its own.
    const bool resets = line.assignment.value.empty() && directive != "CapabilityBoundingSet";
    if (!is_list(directive) || resets) result.clear();
    if (!resets) result.push_back(line);
  }
  return result;
}

std::vector<std::string> UnitText::words_of(const std::string& directive) const {
  std::vector<std::string> result;
  for (const auto& line : in_force(directive)) {
    for (auto& word : words(line.assignment.value)) result.push_back(std::move(word));
  }
  return result;
}

std::string UnitText::value_of(const std::string& directive) const {
  const auto lines = in_force(directive);
  return lines.empty() ? std::string() : lines.back().assignment.value;
}

Place UnitText::place_of(const std::string& directive) const {
  Place place;
  place.directive = directive;
  const auto lines = in_force(directive);
  if (lines.empty()) return place;
  std::vector<std::string> values;
  for (const auto& line : lines) values.push_back(line.assignment.value);
  place.value = join(values, " ");
  place.file = lines.front().file;
  place.line = lines.front().assignment.line;
  for (const auto& line : lines_) {
    if (line.assignment.section != "Service" || line.assignment.name != directive) continue;
    const bool is_in_force = std::any_of(lines.begin(), lines.end(), [&](const Line& other) {
      return other.file == line.file && other.assignment.line == line.assignment.line;
    });
    if (!is_in_force && !line.assignment.value.empty()) {
      place.overrides.push_back(line.file + ":" + std::to_string(line.assignment.line));
    }
  }
  return place;
}

std::vector<std::string> UnitText::programs() const {
  std::vector<std::string> result;
  for (const auto& line : lines_) {
    if (line.assignment.section != "Service" || !is_command(line.assignment.name)) continue;
    auto command = words(line.assignment.value);
    if (command.empty()) continue;
    std::string program = command.front();
    program.erase(0, program.find_first_not_of("@-:+!|"));
    if (program.size() > 1 && (program.front() == '"' || program.front() == '\'') &&
        program.back() == program.front()) {
      program = program.substr(1, program.size() - 2);
    }
    if (!program.empty()) result.push_back(program);
  }
  return result;
}

std::string UnitText::fragment(const std::set<std::string>& without,
                               const std::vector<std::string>& added, double seconds) const {
  std::string unit = "[Unit]\nDefaultDependencies=no\n";
  std::string service = "[Service]\n";
  for (const auto& line : lines_) {
    const auto& [section, name, value, number, last, has_equals] = line.assignment;
    if (!has_equals) continue;
    const std::string text = name + "=" + value + "\n";
    if (section == "Unit" && is_kept_of_unit_section(name)) unit += text;
    if (section != "Service" || contains(left_out, name) || without.contains(name)) continue;
    // The start of a simple service is over before its sandbox is set up.
    service += name == "Type" && (value == "simple" || value == "idle") ? "Type=exec\n" : text;
  }
  if (value_of("Type").empty() && !value_of("ExecStart").empty()) service += "Type=exec\n";
  for (const auto& line : added) service += line + "\n";
  // A unit that floods the journal must not fill the memory that the journal is kept in.
  service += "Restart=no\nLogRateLimitIntervalSec=1h\nLogRateLimitBurst=200\nTimeoutStopSec=1s\n";
  service += "TimeoutStartSec=" + format_seconds(seconds) + "\n";
  return unit + service;
}

}  // namespace sandproof::explain
