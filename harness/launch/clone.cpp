#include "launch/clone.h"

#include <algorithm>
#include <set>

#include "unit/implied.h"
#include "unit/runtime_state.h"

namespace sandproof::launch {

namespace {

using Names = std::set<std::string, std::less<>>;

// Properties that make a service what it is and a clone something dangerous, or that a clone sets
// for itself. A copied PIDFile= is unlinked when the clone ends, a FailureAction= can reboot the
// machine, a TTYPath= is hung up, a PAMName= opens a session.
const Names& never_copied() {
  static const Names names = {"BusName",
                              "CollectMode",
                              "Description",
                              "EnvironmentFiles",
                              "ExitType",
                              "FailureAction",
                              "FileDescriptorStoreMax",
                              "FileDescriptorStorePreserve",
                              "GuessMainPID",
                              "KillMode",
                              "KillSignal",
                              "FinalKillSignal",
                              "RestartKillSignal",
                              "SendSIGHUP",
                              "SendSIGKILL",
                              "WatchdogSignal",
                              "LogExtraFields",
                              "LogFilterPatterns",
                              "LogLevelMax",
                              "LogNamespace",
                              "LogRateLimitBurst",
                              "LogRateLimitIntervalUSec",
                              "NonBlocking",
                              "NotifyAccess",
                              "OOMPolicy",
                              "OpenFile",
                              "PAMName",
                              "PIDFile",
                              "PermissionsStartOnly",
                              "ReloadSignal",
                              "RemainAfterExit",
                              "Restart",
                              "RestartForceExitStatus",
                              "RestartMaxDelayUSec",
                              "RestartMode",
                              "RestartPreventExitStatus",
                              "RestartRandomizedDelayUSec",
                              "RestartSteps",
                              "RestartUSec",
                              "RootDirectoryStartOnly",
                              "RuntimeMaxUSec",
                              "RuntimeRandomizedExtraUSec",
                              "Sockets",
                              "StandardError",
                              "StandardErrorFileDescriptorName",
                              "StandardInput",
                              "StandardInputData",
                              "StandardInputFileDescriptorName",
                              "StandardOutput",
                              "StandardOutputFileDescriptorName",
                              "StartLimitAction",
                              "SuccessAction",
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
                              "TimeoutAbortUSec",
                              "TimeoutCleanUSec",
                              "TimeoutStartFailureMode",
                              "TimeoutStartUSec",
                              "TimeoutStopFailureMode",
                              "TimeoutStopUSec",
                              "Type",
                              "USBFunctionDescriptors",
                              "USBFunctionStrings",
                              "UtmpIdentifier",
                              "UtmpMode",
                              "WatchdogUSec",
                              "WorkingDirectory"};
  return names;
}

bool is_copied(const Settings& settings, const std::string& name) {
  if (never_copied().contains(name) || unit::is_runtime_state(name)) return false;
  if (name.starts_with("Exec") && name != "ExecPaths" && name != "ExecSearchPath") return false;
  // The plain one of such a pair is only a boolean: PrivateTmp and PrivateTmpEx.
  return settings.find(name + "Ex") == nullptr;
}

const Names& identity_properties() {
  static const Names names = {"User", "Group", "SupplementaryGroups", "DynamicUser"};
  return names;
}

// An allow list of nothing but a family that Linux has a number for and never had a protocol of.
constexpr const char* family_of_nobody = "AF_NETBEUI";

bool is_left_to_identity(const std::string& name, const CloneOptions& options) {
  return options.as_root && identity_properties().contains(name);
}

bool is_left_to_directories(const std::string& name, const CloneOptions& options) {
  return options.directories == Directories::writable && is_of_directories(name);
}

// systemd itself makes these folders writable in the unit's view (append_access_mounts() for the
// exec directories); without the directive ReadWritePaths= does the same, and it may only be added
// where there is a mount namespace.
std::vector<std::string> writable_directories(const Settings& settings,
                                              const DirectoryParents& parents) {
  std::vector<std::string> paths;
  for (const auto& path : own_directories(settings, parents)) paths.push_back("-" + path);
  return paths;
}

}  // namespace

std::vector<std::string> places_of_directories(const Settings& settings,
                                               const DirectoryParents& parents) {
  std::vector<std::string> paths = own_directories(settings, parents);
  for (const char* directive : directory_directives) {
    for (const auto& name : settings.texts(directive)) {
      paths.push_back(parents.of(directive) + "/private/" + name);
    }
  }
  return paths;
}

bool is_of_directories(const std::string& name) { return !directory_kind_of(name).empty(); }

std::vector<bus::Property> bare_properties(const Identity& identity) {
  // Half a sandbox that systemd gives to every service of the system: a bare cell is without it.
  std::vector<bus::Property> properties = {{"KeyringMode", Value::text("shared")},
                                           {"UMask", Value::unsigned_32(0)}};
  if (!identity.user.empty()) properties.push_back({"User", Value::text(identity.user)});
  if (!identity.group.empty()) properties.push_back({"Group", Value::text(identity.group)});
  if (!identity.supplementary_groups.empty()) {
    properties.push_back({"SupplementaryGroups", Value::texts(identity.supplementary_groups)});
  }
  return properties;
}

namespace {

// RestrictAddressFamilies=none, which StartTransientUnit() takes for no restriction at all.
bool is_no_family_at_all(const Settings& settings, const std::string& name) {
  const auto families = settings.filter(name);
  return name == "RestrictAddressFamilies" && families.allow_list && families.names.empty();
}

// The property's value, in a form that StartTransientUnit() makes the same of.
Value handed_back(const Settings& settings, const std::string& name) {
  if (!is_no_family_at_all(settings, name)) return *settings.find(name);
  return {"(bas)", std::vector<Value>{Value::boolean(true), Value::texts({family_of_nobody})}};
}

// A list without what stands in it twice: systemd adds DeviceAllow=char-rtc for ProtectClock= to a
// clone whose settings have it already.
Value without_repetitions(Value value) {
  if (!value.signature.starts_with('a')) return value;
  std::vector<Value> distinct;
  for (const auto& element : value.elements()) {
    if (std::find(distinct.begin(), distinct.end(), element) == distinct.end()) {
      distinct.push_back(element);
    }
  }
  value.data = std::move(distinct);
  return value;
}

// systemd puts each device that it is told of before the others (LIST_PREPEND() in
// cgroup_add_device_allow() and its like), so that a list that is handed back is turned round; so
// does it with the ports of sockets, and 247 with addresses. Credentials it keeps in a hash table.
bool is_in_any_order(const std::string& name) {
  static constexpr std::string_view lists[] = {
      "BlockIO",          "DeviceAllow",   "IO",        "IPAddress", "LoadCredential",
      "ImportCredential", "SetCredential", "SocketBind"};
  return std::any_of(std::begin(lists), std::end(lists),
                     [&name](std::string_view list) { return name.starts_with(list); });
}

Value sorted(Value list) {
  auto elements = list.elements();
  std::sort(elements.begin(), elements.end(),
            [](const Value& a, const Value& b) { return to_string(a) < to_string(b); });
  list.data = std::move(elements);
  return list;
}

Value in_one_order(const std::string& name, Value value) {
  // A filter: whether its names are those that are allowed, and the names, which are a set.
  if (value.signature == "(bas)") {
    value.data = std::vector<Value>{value.elements().front(), sorted(value.elements().back())};
    return value;
  }
  const bool is_list = value.signature.starts_with('a');
  return is_list && is_in_any_order(name) ? sorted(std::move(value)) : value;
}

bool is_the_same(const std::string& name, const Value& original, const Value& clone) {
  return in_one_order(name, without_repetitions(original)) ==
         in_one_order(name, without_repetitions(clone));
}

}  // namespace

std::vector<bus::Property> sandboxed_properties(const Settings& settings,
                                                const CloneOptions& options) {
  std::vector<bus::Property> properties;
  for (const auto& name : settings.changed()) {
    if (!is_copied(settings, name) || is_left_to_identity(name, options) ||
        is_left_to_directories(name, options)) {
      continue;
    }
    // Delegate= would delegate every controller, and DelegateControllers= add to them and delegate,
    // too (bus_cgroup_set_transient_property() in systemd's source).
    if (name == "Delegate" && settings.find("DelegateControllers") != nullptr) {
      properties.push_back({"DelegateControllers", *settings.find("DelegateControllers")});
    } else if (name != "DelegateControllers") {
      properties.push_back({name, handed_back(settings, name)});
    }
  }
  const auto writable = writable_directories(settings, options.parents);
  if (options.directories == Directories::own && !settings.texts("RuntimeDirectory").empty()) {
    // Set last, over a value of the unit's own.
    properties.push_back({"RuntimeDirectoryPreserve", Value::text("yes")});
  }
  if (options.directories == Directories::writable && !writable.empty() &&
      makes_mount_namespace(settings, 0)) {
    properties.push_back({"ReadWritePaths", Value::texts(writable)});
  }
  return properties;
}

std::vector<Difference> differences(const Settings& settings, const Properties& clone,
                                    const CloneOptions& options,
                                    const std::vector<std::string>& known) {
  std::vector<Difference> result;
  const auto is_known = [&](const std::string& name) {
    return std::find(known.begin(), known.end(), name) != known.end() ||
           name == "RuntimeDirectoryPreserve" ||
           (options.directories == Directories::writable && name == "ReadWritePaths");
  };
  for (const auto& [name, original] : settings.all()) {
    if (!is_copied(settings, name) || is_left_to_identity(name, options) ||
        is_left_to_directories(name, options) || is_known(name) ||
        unit::is_of_no_file_system(name, settings)) {
      continue;
    }
    const auto copy = clone.find(name);
    if (copy == clone.end()) {
      result.push_back({name, to_string(original), "nothing"});
    } else if (!is_the_same(name, handed_back(settings, name), copy->second)) {
      result.push_back({name, to_string(original), to_string(copy->second)});
    }
  }
  return result;
}

bool makes_mount_namespace(const Settings& settings, int systemd) {
  static constexpr const char* makers[] = {"BindPaths",
                                           "BindReadOnlyPaths",
                                           "ExecPaths",
                                           "ExtensionDirectories",
                                           "ExtensionImages",
                                           "IPCNamespacePath",
                                           "InaccessiblePaths",
                                           "MountFlags",
                                           "MountImages",
                                           "NoExecPaths",
                                           "PrivateDevices",
                                           "PrivateIPC",
                                           "PrivateMounts",
                                           "PrivatePIDs",
                                           "PrivateTmp",
                                           "PrivateTmpEx",
                                           "ProcSubset",
                                           "ProtectControlGroups",
                                           "ProtectControlGroupsEx",
                                           "ProtectHome",
                                           "ProtectKernelLogs",
                                           "ProtectKernelModules",
                                           "ProtectKernelTunables",
                                           "ProtectProc",
                                           "ProtectSystem",
                                           "ReadOnlyPaths",
                                           "ReadWritePaths",
                                           "RootDirectory",
                                           "RootImage",
                                           "TemporaryFileSystem"};
  if (std::any_of(std::begin(makers), std::end(makers),
                  [&settings](const char* name) { return settings.is_changed(name); })) {
    return true;
  }
  constexpr int network_implies_mounts_since = 254;
  if (settings.boolean("PrivateNetwork") && systemd >= network_implies_mounts_since) return true;
  return settings.boolean("DynamicUser") &&
         (!settings.texts("StateDirectory").empty() || !settings.texts("CacheDirectory").empty() ||
          !settings.texts("LogsDirectory").empty());
}

}  // namespace sandproof::launch
