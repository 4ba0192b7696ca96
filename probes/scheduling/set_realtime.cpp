// Asks for a realtime policy. sched_setscheduler(2) gets no parameters, which the kernel refuses
// before it looks at privileges: a filter is the only gate that it sees. sched_setattr(2) takes the
// policy in memory, where no filter can look, so it is tried in earnest: the lowest priority, for a
// process that ends at once.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "set-realtime",
    .attempts = "CALL with a realtime policy",
    .arguments =
        "sched_setscheduler|sched_setattr|i386-sched_setscheduler|x32-sched_setscheduler "
        "fifo|rr|deadline",
    .harmless_because = "without parameters nothing is set; else a process that ends at once is",
    .denied_with = {EPERM, ENOSYS},
    .allowed_with = {EINVAL},
};

namespace {

// The first version of struct sched_attr in <linux/sched/types.h>.
struct Attributes {
  uint32_t size, policy;
  uint64_t flags;
  int32_t nice;
  uint32_t priority;
  uint64_t runtime, deadline, period;
};

int policy_of(const char* name) {
  if (probe::equal(name, "fifo")) return SCHED_FIFO;
  if (probe::equal(name, "rr")) return SCHED_RR;
  constexpr int deadline = 6;
  return probe::equal(name, "deadline") ? deadline : -1;
}

}  // namespace

probe::Outcome attempt(probe::Args args) {
  constexpr long i386_sched_setscheduler = 156;
  const int policy = policy_of(args[1]);
  if (policy < 0) return probe::usage();
  if (probe::equal(args[0], "sched_setscheduler")) {
    return probe::judge(card, sys::sched_setscheduler(0, policy, nullptr));
  }
  if (probe::equal(args[0], "i386-sched_setscheduler")) {
    return probe::judge(card, sys::call_i386(i386_sched_setscheduler, 0, policy, nullptr));
  }
  if (probe::equal(args[0], "x32-sched_setscheduler")) {
    return probe::judge_x32(card, sys::call_x32(__NR_sched_setscheduler, 0, policy, nullptr));
  }
  if (!probe::equal(args[0], "sched_setattr")) return probe::usage();

  Attributes attributes{};
  attributes.size = sizeof attributes;
  attributes.policy = static_cast<uint32_t>(policy);
  if (policy == SCHED_FIFO || policy == SCHED_RR) {
    attributes.priority = 1;
  } else {
    // A hundredth of a percent of one processor, in nanoseconds.
    attributes.runtime = 100'000;
    attributes.deadline = attributes.period = 1'000'000'000;
  }
  const long r = sys::call(__NR_sched_setattr, 0, &attributes, 0);
  // Here an EINVAL is not from behind the gate: the kernel does not have the policy.
  return r == -EINVAL ? probe::unable("sched_setattr", r) : probe::judge(card, r);
}
