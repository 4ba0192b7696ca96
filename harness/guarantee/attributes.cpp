#include <sched.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "guarantee/expect.h"
#include "guarantee/families.h"

namespace sandproof::guarantee {

namespace {

std::int64_t number(const Subject& subject, const char* property) {
  return static_cast<std::int64_t>(subject.settings.number(property));
}

// What the program begins with; nothing keeps it from changing that, but for its privileges.
Promise begins_with(const std::string& attribute, const std::string& value) {
  return {{must_be_denied({"lack-attribute", {attribute, value}}, {denied(EPERM)})}};
}

Promise begins_with(const std::string& attribute, std::int64_t value, std::int64_t by_default) {
  if (value == by_default) return Promise::off();
  return begins_with(attribute, std::to_string(value));
}

Promise nice(const Subject& subject) { return begins_with("nice", number(subject, "Nice"), 0); }

Promise oom_score_adjust(const Subject& subject) {
  return begins_with("oom-score-adjust", number(subject, "OOMScoreAdjust"), 0);
}

bool is_real_time(const Subject& subject) {
  const auto policy = number(subject, "CPUSchedulingPolicy");
  return policy == SCHED_FIFO || policy == SCHED_RR;
}

// SCHED_RESET_ON_FORK: sched(7).
bool is_reset_on_fork(const Subject& subject) {
  return subject.settings.boolean("CPUSchedulingResetOnFork");
}

constexpr const char* forked =
    "CPUSchedulingResetOnFork= takes it from what the program forks, as attempts are";

Promise scheduling_policy(const Subject& subject) {
  if (is_reset_on_fork(subject)) return Promise::untestable(forked);
  return begins_with("scheduling-policy", number(subject, "CPUSchedulingPolicy"), SCHED_OTHER);
}

Promise scheduling_priority(const Subject& subject) {
  if (is_reset_on_fork(subject)) return Promise::untestable(forked);
  return begins_with("scheduling-priority", number(subject, "CPUSchedulingPriority"), 0);
}

// A bitmap, lowest processors first.
Promise cpu_affinity(const Subject& subject) {
  const Value* bitmap = subject.settings.find("CPUAffinity");
  if (bitmap == nullptr || !bitmap->is_container() || bitmap->elements().empty()) {
    return Promise::off();
  }
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string mask;
  for (const auto& element : bitmap->elements()) {
    const auto byte = static_cast<std::size_t>(std::get<std::uint64_t>(element.data));
    mask += digits[byte / 16 % 16];
    mask += digits[byte % 16];
  }
  return begins_with("processors", mask);
}

// What the kernel makes of a nice value of 0, where nobody asked for anything: ioprio_set(2).
constexpr std::int64_t best_effort = 2;
constexpr std::int64_t idle = 3;
constexpr std::int64_t middle = 4;

Promise io_scheduling_class(const Subject& subject) {
  return begins_with("io-class", number(subject, "IOSchedulingClass"), best_effort);
}

Promise io_scheduling_priority(const Subject& subject) {
  if (number(subject, "IOSchedulingClass") == idle) return Promise::off();
  return begins_with("io-priority", number(subject, "IOSchedulingPriority"), middle);
}

Promise timer_slack(const Subject& subject) {
  if (is_real_time(subject)) return Promise::untestable("what is real-time has no slack");
  constexpr std::int64_t by_default = 50'000;
  return begins_with("timer-slack", number(subject, "TimerSlackNSec"), by_default);
}

// core(5): bits 0, 1, 4 and 5.
Promise coredump_filter(const Subject& subject) {
  constexpr std::int64_t by_default = 0x33;
  return begins_with("coredump-filter", number(subject, "CoredumpFilter"), by_default);
}

// "x86" is what a 32-bit system on x86-64 is; other machines' domains have not been tried.
Promise personality(const Subject& subject) {
  constexpr const char* linux_32 = "8";
  const std::string domain = subject.settings.text("Personality");
  if (domain.empty() || domain == "x86-64") return Promise::off();
  if (domain != "x86") return Promise::untestable("it is not known what that domain's number is");
  return begins_with("personality", linux_32);
}

Promise ignore_sigpipe(const Subject& subject) {
  if (subject.settings.boolean("IgnoreSIGPIPE")) return Promise::off();
  return begins_with("sigpipe-ignored", "0");
}

constexpr std::string_view nodes = "it shows only on a machine with memory of several nodes";
constexpr std::string_view managed = "it is about how memory is managed, and denies none";

constexpr std::array table = {
    Guarantee{"CPUAffinity", cpu_affinity},
    Guarantee{"CPUSchedulingPolicy", scheduling_policy},
    Guarantee{"CPUSchedulingPriority", scheduling_priority},
    Guarantee{"CPUSchedulingResetOnFork", nullptr,
              "it shows only in what the program forks, and every attempt is forked"},
    Guarantee{"CoredumpFilter", coredump_filter},
    Guarantee{"ExecSearchPath", nullptr, "it says where commands are looked for, and denies none"},
    Guarantee{"IOSchedulingClass", io_scheduling_class},
    Guarantee{"IOSchedulingPriority", io_scheduling_priority},
    Guarantee{"IgnoreSIGPIPE", ignore_sigpipe},
    Guarantee{"MemoryKSM", nullptr, managed},
    Guarantee{"MemoryTHP", nullptr, managed},
    Guarantee{"NUMAMask", nullptr, nodes},
    Guarantee{"NUMAPolicy", nullptr, nodes},
    Guarantee{"Nice", nice},
    Guarantee{"OOMScoreAdjust", oom_score_adjust},
    Guarantee{"PAMName", nullptr, "it opens a session, which no clone does"},
    Guarantee{"Personality", personality},
    Guarantee{"TimerSlackNSec", timer_slack},
    Guarantee{"WorkingDirectory", nullptr,
              "no clone begins in it, since it need not be there for others than the unit"},
};

}  // namespace

std::span<const Guarantee> attribute_guarantees() { return table; }

}  // namespace sandproof::guarantee
