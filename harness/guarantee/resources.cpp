#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "guarantee/expect.h"
#include "guarantee/families.h"
#include "guarantee/group_doors.h"

namespace sandproof::guarantee {

namespace {

struct GroupLimit {
  const char* property;
  const char* file;  // of cgroup v2
};

constexpr GroupLimit cpu_quota = {"CPUQuotaPerSecUSec", "cpu.max"};
constexpr GroupLimit memory_high = {"MemoryHigh", "memory.high"};
constexpr GroupLimit memory_max = {"MemoryMax", "memory.max"};
constexpr GroupLimit memory_swap_max = {"MemorySwapMax", "memory.swap.max"};
constexpr GroupLimit memory_zswap_max = {"MemoryZSwapMax", "memory.zswap.max"};
constexpr GroupLimit tasks_max = {"TasksMax", "pids.max"};

bool is_unlimited(std::uint64_t value) { return value >= static_cast<std::uint64_t>(INT64_MAX); }

// Where the controller is missing, systemd writes no limit, and shows it nevertheless:
// unit_get_target_mask() leaves out what is not supported.
Promise promise_of_group_limit(const Subject& subject, const GroupLimit& limit) {
  const auto most = subject.settings.number(limit.property);
  if (is_unlimited(most)) return Promise::off();
  Promise promise{{must_be_denied({"escape-group-limit", {limit.file, std::to_string(most)}},
                                  {denied(EDQUOT)})}};
  add_group_doors(promise, subject);
  return promise;
}

template <const GroupLimit& limit>
Promise group_limit(const Subject& subject) {
  return promise_of_group_limit(subject, limit);
}

// So few that they can be forked, beside the one that forks them.
Promise tasks(const Subject& subject) {
  constexpr std::uint64_t few = 256;
  const auto most = subject.settings.number("TasksMax");
  if (most == 0 || most > few) return promise_of_group_limit(subject, tasks_max);
  Promise promise{{must_be_denied({"fork-many", {std::to_string(most)}}, {denied(EAGAIN)})}};
  add_group_doors(promise, subject);
  return promise;
}

// A bitmap, lowest processors first; of nothing it is no restriction.
Promise allowed_cpus(const Subject& subject) {
  const Value* bitmap = subject.settings.find("AllowedCPUs");
  if (bitmap == nullptr || !bitmap->is_container() || bitmap->elements().empty()) {
    return Promise::off();
  }
  const auto& bytes = bitmap->elements();
  const auto is_allowed = [&bytes](std::size_t processor) {
    if (processor / 8 >= bytes.size()) return false;
    const auto* byte = std::get_if<std::uint64_t>(&bytes[processor / 8].data);
    return byte != nullptr && (*byte >> processor % 8 & 1) != 0;
  };
  Promise promise;
  for (std::size_t processor = 0;
       subject.exists("/sys/devices/system/cpu/cpu" + std::to_string(processor)); ++processor) {
    if (is_allowed(processor)) continue;
    promise.attempts.push_back(
        must_be_denied({"run-on-processor", {std::to_string(processor)}}, {denied(EINVAL)}));
    add_group_doors(promise, subject);
    return promise;
  }
  return Promise::untestable("this machine has no processor that it leaves out");
}

constexpr std::string_view waits = "it makes the unit wait, and denies nothing";
constexpr std::string_view at_startup = "it is in force only while the machine starts or stops";
constexpr std::string_view nodes =
    "nothing tells one memory node from another without memory of it";
constexpr std::string_view own_program = "what it denies is written in its program";
constexpr std::string_view quota =
    "it takes project quotas of the file system, which hold by the end of the disk alone";

constexpr std::array table = {
    Guarantee{"AllowedCPUs", allowed_cpus},
    Guarantee{"AllowedMemoryNodes", nullptr, nodes},
    Guarantee{"BPFProgram", nullptr, own_program},
    Guarantee{"BindNetworkInterface", nullptr,
              "no interface but the loopback can be tried harmlessly"},
    Guarantee{"BlockIOReadBandwidth", nullptr, waits},
    Guarantee{"BlockIOWriteBandwidth", nullptr, waits},
    Guarantee{"CPUQuota", group_limit<cpu_quota>},
    Guarantee{"CPUQuotaPeriodSec", nullptr, "it says how often CPUQuota= is counted"},
    Guarantee{"CPUSetPartition", nullptr, "it keeps others from the unit's processors"},
    Guarantee{"CacheDirectoryQuota", nullptr, quota},
    Guarantee{"DisableControllers", nullptr, "it keeps controllers from control groups below"},
    Guarantee{"IOReadBandwidthMax", nullptr, waits},
    Guarantee{"IOReadIOPSMax", nullptr, waits},
    Guarantee{"IOWriteBandwidthMax", nullptr, waits},
    Guarantee{"IOWriteIOPSMax", nullptr, waits},
    Guarantee{"IPEgressFilterPath", nullptr, own_program},
    Guarantee{"IPIngressFilterPath", nullptr, own_program},
    Guarantee{"LogsDirectoryQuota", nullptr, quota},
    Guarantee{"MemoryHigh", group_limit<memory_high>},
    Guarantee{"MemoryLimit", nullptr, "it is for cgroup v1: MemoryMax= is its successor"},
    Guarantee{"MemoryMax", group_limit<memory_max>},
    Guarantee{"MemorySwapMax", group_limit<memory_swap_max>},
    Guarantee{"MemoryZSwapMax", group_limit<memory_zswap_max>},
    Guarantee{"StartupAllowedCPUs", nullptr, at_startup},
    Guarantee{"StartupAllowedMemoryNodes", nullptr, at_startup},
    Guarantee{"StartupMemoryHigh", nullptr, at_startup},
    Guarantee{"StartupMemoryMax", nullptr, at_startup},
    Guarantee{"StartupMemorySwapMax", nullptr, at_startup},
    Guarantee{"StartupMemoryZSwapMax", nullptr, at_startup},
    Guarantee{"StateDirectoryQuota", nullptr, quota},
    Guarantee{"TasksMax", tasks},
};

}  // namespace

std::span<const Guarantee> resource_guarantees() { return table; }

}  // namespace sandproof::guarantee
