#include "unit/runtime_state.h"

#include <algorithm>
#include <iterator>

namespace sandproof::unit {

namespace {

// Sorted. WatchdogUSec is among them since it is another number as soon as the service has run.
constexpr std::string_view names[] = {
    "CPUUsageNSec",
    "CacheDirectoryQuotaUsage",
    "CleanResult",
    "ControlGroup",
    "ControlGroupId",
    "ControlPID",
    "EffectiveCPUs",
    "EffectiveMemoryHigh",
    "EffectiveMemoryMax",
    "EffectiveMemoryNodes",
    "EffectiveTasksMax",
    "ExecMainCode",
    "ExecMainExitTimestamp",
    "ExecMainExitTimestampMonotonic",
    "ExecMainHandoffTimestamp",
    "ExecMainHandoffTimestampMonotonic",
    "ExecMainPID",
    "ExecMainStartTimestamp",
    "ExecMainStartTimestampMonotonic",
    "ExecMainStatus",
    "ExtraFileDescriptorNames",
    "GID",
    "IOReadBytes",
    "IOReadOperations",
    "IOWriteBytes",
    "IOWriteOperations",
    "IPEgressBytes",
    "IPEgressPackets",
    "IPIngressBytes",
    "IPIngressPackets",
    "LiveMountResult",
    "LogsDirectoryQuotaUsage",
    "MainPID",
    "ManagedOOMKills",
    "MemoryAvailable",
    "MemoryCurrent",
    "MemoryPeak",
    "MemorySwapCurrent",
    "MemorySwapPeak",
    "MemoryZSwapCurrent",
    "NFileDescriptorStore",
    "NRestarts",
    "OOMKills",
    "ReloadResult",
    "RestartUSecNext",
    "Result",
    "StateDirectoryQuotaUsage",
    "StatusBusError",
    "StatusErrno",
    "StatusText",
    "StatusVarlinkError",
    "TasksCurrent",
    "UID",
    "WatchdogTimestamp",
    "WatchdogTimestampMonotonic",
    "WatchdogUSec",
};

}  // namespace

bool is_runtime_state(std::string_view property) {
  return std::binary_search(std::begin(names), std::end(names), property);
}

Properties without_runtime_state(Properties properties) {
  std::erase_if(properties, [](const auto& entry) { return is_runtime_state(entry.first); });
  return properties;
}

}  // namespace sandproof::unit
