#include "unit/known.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "base/program.h"
#include "base/text.h"

namespace sandproof::unit {

namespace {

constexpr std::array<std::string_view, 3> sections = {"Unit", "Service", "Install"};

// Sorted.
constexpr std::string_view not_of_the_sandbox[] = {
    "BindLogSockets",
    "BlockIOAccounting",
    "BlockIODeviceWeight",
    "BlockIOWeight",
    "BusName",
    "CPUAccounting",
    "CPUPressureThresholdSec",
    "CPUPressureWatch",
    "CPUShares",
    "CPUWeight",
    "CacheDirectoryAccounting",
    "CoredumpReceive",
    "DefaultMemoryLow",
    "DefaultMemoryMin",
    "DefaultStartupMemoryLow",
    "Delegate",
    "DelegateSubgroup",
    "Environment",
    "EnvironmentFile",
    "ExecCondition",
    "ExecReload",
    "ExecReloadPost",
    "ExecStart",
    "ExecStartPost",
    "ExecStartPre",
    "ExecStop",
    "ExecStopPost",
    "ExitType",
    "FailureAction",
    "FileDescriptorStoreMax",
    "FileDescriptorStorePreserve",
    "FinalKillSignal",
    "GuessMainPID",
    "IOAccounting",
    "IODeviceLatencyTargetSec",
    "IODeviceWeight",
    "IOPressureThresholdSec",
    "IOPressureWatch",
    "IOWeight",
    "IPAccounting",
    "KillMode",
    "KillSignal",
    "LUOSession",
    "LogExtraFields",
    "LogFilterPatterns",
    "LogLevelMax",
    "LogNamespace",
    "LogRateLimitBurst",
    "LogRateLimitIntervalSec",
    "LogsDirectoryAccounting",
    "ManagedOOMMemoryPressure",
    "ManagedOOMMemoryPressureDurationSec",
    "ManagedOOMMemoryPressureLimit",
    "ManagedOOMPreference",
    "ManagedOOMSwap",
    "MemoryAccounting",
    "MemoryLow",
    "MemoryMin",
    "MemoryPressureThresholdSec",
    "MemoryPressureWatch",
    "MemoryZSwapWriteback",
    "MountAPIVFS",
    "NFTSet",
    "NonBlocking",
    "NotifyAccess",
    "OOMPolicy",
    "OOMRules",
    "OpenFile",
    "PIDFile",
    "PassEnvironment",
    "PermissionsStartOnly",
    "RebootArgument",
    "RefreshOnReload",
    "ReloadSignal",
    "RemainAfterExit",
    "Restart",
    "RestartForceExitStatus",
    "RestartKillSignal",
    "RestartMaxDelaySec",
    "RestartMode",
    "RestartPreventExitStatus",
    "RestartRandomizedDelaySec",
    "RestartSec",
    "RestartSteps",
    "RootDirectoryStartOnly",
    "RuntimeDirectoryPreserve",
    "RuntimeMaxSec",
    "RuntimeRandomizedExtraSec",
    "SendSIGHUP",
    "SendSIGKILL",
    "SetLoginEnvironment",
    "Slice",
    "Sockets",
    "StandardError",
    "StandardErrorFileDescriptorName",
    "StandardInput",
    "StandardInputData",
    "StandardInputFileDescriptorName",
    "StandardInputText",
    "StandardOutput",
    "StandardOutputFileDescriptorName",
    "StartLimitAction",
    "StartLimitBurst",
    "StartLimitInterval",
    "StartLimitIntervalSec",
    "StartupBlockIOWeight",
    "StartupCPUShares",
    "StartupCPUWeight",
    "StartupIOWeight",
    "StartupMemoryLow",
    "StateDirectoryAccounting",
    "SuccessExitStatus",
    "SyslogFacility",
    "SyslogIdentifier",
    "SyslogLevel",
    "SyslogLevelPrefix",
    "SyslogPriority",
    "TTYColumns",
    "TTYPath",
    "TTYReset",
    "TTYRows",
    "TTYVHangup",
    "TTYVTDisallocate",
    "TasksAccounting",
    "TimeoutAbortSec",
    "TimeoutCleanSec",
    "TimeoutSec",
    "TimeoutStartFailureMode",
    "TimeoutStartSec",
    "TimeoutStopFailureMode",
    "TimeoutStopSec",
    "Type",
    "USBFunctionDescriptors",
    "USBFunctionStrings",
    "UnsetEnvironment",
    "UtmpIdentifier",
    "UtmpMode",
    "WatchdogSec",
    "WatchdogSignal",
};

struct Name {
  std::string_view property;
  std::string_view directive;
};

// Only what the rules of directive_of() do not find: where the value of a directive is.
constexpr Name odd_names[] = {
    {"CPUQuotaPerSecUSec", "CPUQuota"},
    {"EnvironmentFiles", "EnvironmentFile"},
};

// And what is beside a property of the directive's own name.
constexpr Name second_names[] = {
    {"CPUAffinityFromNUMA", "CPUAffinity"},
    {"DelegateControllers", "Delegate"},
    {"IOScheduling", "IOSchedulingClass"},
    {"ManagedOOMMemoryPressureLimitPercent", "ManagedOOMMemoryPressureLimit"},
    {"RootHashPath", "RootHash"},
    {"RootHashSignaturePath", "RootHashSignature"},
    // How stdin and stdout are wired, which systemd keeps beside StandardInput=.
    {"SameProcessGroup", "StandardInput"},
};

constexpr Name old_names[] = {
    {"ReadOnlyDirectories", "ReadOnlyPaths"},
    {"ReadWriteDirectories", "ReadWritePaths"},
    {"InaccessibleDirectories", "InaccessiblePaths"},
};

struct Since {
  std::string_view name;  // a directive, or one with a value
  int version;
};

// Sorted by name; from 248 on.
constexpr Since since[] = {
    {"BPFDelegateAttachments", 258},
    {"BPFDelegateCommands", 258},
    {"BPFDelegateMaps", 258},
    {"BPFDelegatePrograms", 258},
    {"BPFProgram", 249},
    {"BindLogSockets", 257},
    {"BindNetworkInterface", 260},
    {"CPUSetPartition", 261},
    {"CacheDirectoryAccounting", 258},
    {"CacheDirectoryQuota", 258},
    {"CoredumpReceive", 255},
    {"DelegateNamespaces", 258},
    {"DelegateSubgroup", 254},
    {"ExecPaths", 248},
    {"ExecSearchPath", 250},
    {"ExitType", 250},
    {"ExtensionDirectories", 251},
    {"ExtensionImagePolicy", 254},
    {"ExtensionImages", 248},
    {"FileDescriptorStorePreserve", 254},
    {"IPCNamespacePath", 248},
    {"ImportCredential", 254},
    {"LoadCredentialEncrypted", 250},
    {"LogFilterPatterns", 253},
    {"LogsDirectoryAccounting", 258},
    {"LogsDirectoryQuota", 258},
    {"ManagedOOMPreference", 248},
    {"MemoryKSM", 254},
    {"MemoryPressureWatch", 254},
    {"MemoryTHP", 260},
    {"MemoryZSwapMax", 253},
    {"MemoryZSwapWriteback", 256},
    {"MountImagePolicy", 254},
    {"NFTSet", 255},
    {"NoExecPaths", 248},
    {"OpenFile", 253},
    {"PrivateBPF", 258},
    {"PrivateIPC", 248},
    {"PrivatePIDs", 257},
    {"PrivateTmp=disconnected", 257},
    {"PrivateUsers=full", 258},
    {"PrivateUsers=identity", 257},
    {"PrivateUsers=managed", 260},
    {"ProtectControlGroups=private", 257},
    {"ProtectControlGroups=strict", 257},
    {"ProtectHostname=private", 258},
    {"ReloadSignal", 253},
    {"RestartMaxDelaySec", 254},
    {"RestartMode", 254},
    {"RestartSteps", 254},
    {"RestrictAddressFamilies=none", 249},
    {"RestrictFileSystems", 250},
    {"RestrictNetworkInterfaces", 250},
    {"RootEphemeral", 254},
    {"RootImagePolicy", 254},
    {"RootMStack", 260},
    {"SetCredentialEncrypted", 250},
    {"SetLoginEnvironment", 255},
    {"SocketBindAllow", 249},
    {"SocketBindDeny", 249},
    {"StateDirectoryAccounting", 258},
    {"StateDirectoryQuota", 258},
    {"SystemCallFilter=@sandbox", 254},
    {"UserNamespacePath", 259},
};

int version_in_table(std::string_view name) {
  const auto* found = std::lower_bound(
      std::begin(since), std::end(since), name,
      [](const Since& entry, std::string_view wanted) { return entry.name < wanted; });
  return found != std::end(since) && found->name == name ? found->version : 0;
}

bool remove_suffix(std::string& text, std::string_view suffix) {
  if (!text.ends_with(suffix) || text.size() == suffix.size()) return false;
  text.resize(text.size() - suffix.size());
  return true;
}

}  // namespace

KnownNames KnownNames::parse(std::string_view dump) {
  KnownNames result;
  std::string section;
  for (const auto& line : split(dump, '\n')) {
    if (line.starts_with('[') && line.ends_with(']')) {
      section = line.substr(1, line.size() - 2);
    } else if (const auto equals = line.find('=');
               equals != std::string::npos &&
               std::find(sections.begin(), sections.end(), section) != sections.end()) {
      result.names_[section].push_back(line.substr(0, equals));
    }
  }
  for (auto& [name, list] : result.names_) std::sort(list.begin(), list.end());
  return result;
}

bool KnownNames::knows(std::string_view section, std::string_view name) const {
  const auto& list = names(section);
  return std::binary_search(list.begin(), list.end(), name, std::less<>());
}

const std::vector<std::string>& KnownNames::names(std::string_view section) const {
  static const std::vector<std::string> none;
  const auto found = names_.find(section);
  return found == names_.end() ? none : found->second;
}

std::string KnownNames::section_of(std::string_view name) const {
  // A service's own section first: it is where names of two sections restrict.
  for (const char* section : {"Service", "Unit", "Install"}) {
    if (knows(section, name)) return section;
  }
  return {};
}

Result<KnownNames> known_names(const Manager& manager) {
  const auto& files = manager.files();
  const std::string systemd = files.exists("/usr/lib/systemd/systemd") ? "/usr/lib/systemd/systemd"
                                                                       : "/lib/systemd/systemd";
  const std::string option = "--dump-configuration-items";
  const auto dump = files.name() == "/"
                        ? run_program(systemd, {option})
                        : run_program("chroot", {files.name().string(), systemd, option});
  if (!dump) return dump.error().with_prefix("cannot ask systemd for its directives");
  auto names = KnownNames::parse(*dump);
  if (names.names("Service").empty()) {
    return cannot_run("cannot ask systemd for its directives: " + systemd + " " + option +
                      " lists none");
  }
  return names;
}

std::vector<std::string_view> directives_not_of_the_sandbox() {
  return {std::begin(not_of_the_sandbox), std::end(not_of_the_sandbox)};
}

bool is_of_the_sandbox(std::string_view directive) {
  return !std::binary_search(std::begin(not_of_the_sandbox), std::end(not_of_the_sandbox),
                             directive);
}

std::string directive_of(std::string_view property) {
  for (const auto& odd : odd_names) {
    if (odd.property == property) return std::string(odd.directive);
  }
  for (const auto& second : second_names) {
    if (second.property == property) return std::string(second.directive);
  }
  std::string name(property);
  if (remove_suffix(name, "USec")) return name + "Sec";
  // The twins: PrivateTmpEx, ExecStartPreEx, LimitNOFILESoft, RuntimeDirectorySymlink.
  if (remove_suffix(name, "Ex") || remove_suffix(name, "Soft") || remove_suffix(name, "Symlink")) {
    return name;
  }
  return today_name(name);
}

std::string property_of(std::string_view directive) {
  for (const auto& odd : odd_names) {
    if (odd.directive == directive) return std::string(odd.property);
  }
  std::string name = today_name(directive);
  // TimerSlackNSec= and RuntimeMaxSec= differ in what D-Bus has them in.
  if (!name.ends_with("NSec") && remove_suffix(name, "Sec")) return name + "USec";
  return name;
}

std::string today_name(std::string_view directive) {
  for (const auto& old : old_names) {
    if (old.property == directive) return std::string(old.directive);
  }
  return std::string(directive);
}

int needs_systemd(std::string_view directive, std::string_view value) {
  const int version = version_in_table(directive);
  return version != 0 ? version
                      : version_in_table(std::string(directive) + "=" + std::string(value));
}

}  // namespace sandproof::unit
