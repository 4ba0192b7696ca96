#include "unit/implied.h"

#include <set>

#include "base/text.h"
#include "unit/known.h"
#include "unit/values.h"

namespace sandproof::unit {

namespace {

struct Implication {
  std::string_view cause;
  std::string_view directive;
};

// unit_patch_contexts() in systemd's source, 247 to 262.
constexpr Implication implications[] = {
    {"DynamicUser", "User"},
    {"DynamicUser", "Group"},
    {"DynamicUser", "ProtectSystem"},
    {"DynamicUser", "ProtectHome"},
    {"DynamicUser", "PrivateTmp"},
    {"DynamicUser", "RemoveIPC"},
    {"DynamicUser", "NoNewPrivileges"},
    {"DynamicUser", "RestrictSUIDSGID"},
    {"PrivateDevices", "CapabilityBoundingSet"},
    {"ProtectKernelModules", "CapabilityBoundingSet"},
    {"ProtectKernelLogs", "CapabilityBoundingSet"},
    {"ProtectClock", "CapabilityBoundingSet"},
    {"PrivateDevices", "DevicePolicy"},
    {"ProtectClock", "DeviceAllow"},
    {"RootImage", "DeviceAllow"},
    {"MountImages", "DeviceAllow"},
    {"LoadCredentialEncrypted", "DeviceAllow"},
    {"SetCredentialEncrypted", "DeviceAllow"},
};

bool is_changed(std::string_view directive, const Settings& settings) {
  return settings.is_changed(property_of(directive));
}

}  // namespace

std::string cause_of(std::string_view directive, const Settings& settings) {
  std::vector<std::string> causes;
  for (const auto& implication : implications) {
    if (implication.directive == directive && is_changed(implication.cause, settings)) {
      causes.emplace_back(implication.cause);
    }
  }
  return join(causes, ", ");
}

bool is_of_no_file_system(std::string_view directive, const Settings& settings) {
  return directive == "RestrictFileSystems" && settings.filter(directive).names.empty();
}

std::vector<Directive> implied_directives(const Settings& settings,
                                          const std::vector<Directive>& written) {
  std::set<std::string> seen;
  for (const auto& directive : written) {
    if (!directive.is_ignored()) seen.insert(directive.name);
  }
  std::vector<Directive> result;
  for (const auto& property : settings.changed()) {
    const std::string name = directive_of(property);
    if (!is_of_the_sandbox(name) || is_of_no_file_system(name, settings)) continue;
    if (!seen.insert(name).second) continue;
    Directive directive;
    directive.name = name;
    directive.value = effective_value(name, settings);
    // All capabilities have been written as another number since 262.
    if (directive.value == "~") continue;
    directive.implied_by = cause_of(name, settings);
    result.push_back(std::move(directive));
  }
  return result;
}

}  // namespace sandproof::unit
