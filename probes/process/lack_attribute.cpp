// Whether the process is other than VALUE in something that it began with, and may ask for: nice,
// oom-score-adjust, scheduling-policy, scheduling-priority, io-class, io-priority, timer-slack,
// coredump-filter, personality and sigpipe-ignored are numbers, as the kernel has them; processors
// are two hexadecimal digits for each eight, the first ones first, of which it may run on no other.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "lack-attribute",
    .attempts =
        "getpriority(), sched_getscheduler(), prctl(PR_GET_TIMERSLACK), …, other than VALUE",
    .arguments = "NAME VALUE",
    .harmless_because = "nothing is changed",
    .denied_with = {EPERM},
};

namespace {

struct Answer {
  long value = 0;  // or a negative errno
  bool is_error = false;
};

Answer answer(long result) { return {result, result < 0}; }

int digit_of(char letter) {
  if (letter >= '0' && letter <= '9') return letter - '0';
  if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
  return -1;
}

// The number that a file of /proc begins with, perhaps negative.
Answer number_in(const char* path, int base) {
  const long fd = sys::open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return answer(fd);
  char text[32] = {};
  const long size = sys::read(static_cast<int>(fd), text, sizeof text - 1);
  sys::close(static_cast<int>(fd));
  if (size < 0) return answer(size);
  const bool is_negative = text[0] == '-';
  long value = 0;
  for (const char* letter = is_negative ? text + 1 : text; digit_of(*letter) >= 0; ++letter) {
    value = value * base + digit_of(*letter);
  }
  return {is_negative ? -value : value, false};
}

// getpriority(2) answers 40 to 1 for nice values of -20 to 19.
Answer nice_value() {
  const long result = sys::call(__NR_getpriority, 0 /* PRIO_PROCESS */, 0);
  return result < 0 ? answer(result) : Answer{20 - result, false};
}

Answer scheduling_priority() {
  int priority = 0;
  const long result = sys::call(__NR_sched_getparam, 0, &priority);
  return result < 0 ? answer(result) : Answer{priority, false};
}

// ioprio_get(2): three bits of class above thirteen, of which three are the priority within it.
constexpr int class_shift = 13;
constexpr long level_mask = 7;

Answer io_priority() { return answer(sys::call(__NR_ioprio_get, 1 /* IOPRIO_WHO_PROCESS */, 0)); }

Answer io_class() {
  const auto priority = io_priority();
  return priority.is_error ? priority : Answer{priority.value >> class_shift, false};
}

Answer io_level() {
  const auto priority = io_priority();
  return priority.is_error ? priority : Answer{priority.value & level_mask, false};
}

// What struct sigaction looks like to the kernel begins with the handler.
Answer sigpipe_ignored() {
  long action[8] = {};
  const long result = sys::call(__NR_rt_sigaction, SIGPIPE, nullptr, action, 8);
  return result < 0 ? answer(result) : Answer{action[0] == 1 /* SIG_IGN */, false};
}

// The domain without its flags: PER_MASK of personality(2). The call itself is what
// LockPersonality= denies.
Answer personality() {
  const auto flags = number_in("/proc/self/personality", 16);
  return flags.is_error ? flags : Answer{flags.value & 0xff, false};
}

struct Attribute {
  const char* name;
  Answer (*get)();
};

constexpr Attribute attributes[] = {
    {"nice", nice_value},
    {"oom-score-adjust", [] { return number_in("/proc/self/oom_score_adj", 10); }},
    {"scheduling-policy", [] { return answer(sys::call(__NR_sched_getscheduler, 0)); }},
    {"scheduling-priority", scheduling_priority},
    {"io-class", io_class},
    {"io-priority", io_level},
    {"timer-slack", [] { return answer(sys::prctl(PR_GET_TIMERSLACK)); }},
    {"coredump-filter", [] { return number_in("/proc/self/coredump_filter", 16); }},
    {"personality", personality},
    {"sigpipe-ignored", sigpipe_ignored},
};

probe::Outcome lacking(bool is_lacking) {
  return is_lacking ? probe::allowed() : probe::denied(EPERM);
}

probe::Outcome compare_processors(const char* digits) {
  unsigned char mask[1024] = {};
  const long size = sys::call(__NR_sched_getaffinity, 0, sizeof mask, mask);
  if (size < 0) return probe::unable("sched_getaffinity", size);
  for (long i = 0; i < size; ++i) {
    int listed = 0;
    for (int half = 0; half < 2 && *digits != '\0'; ++half, ++digits) {
      const int digit = digit_of(*digits);
      if (digit < 0) return probe::usage();
      listed |= half == 0 ? digit << 4 : digit;
    }
    if ((mask[i] & ~listed) != 0) return lacking(true);
  }
  return lacking(false);
}

}  // namespace

probe::Outcome attempt(probe::Args args) {
  if (probe::equal(args[0], "processors")) return compare_processors(args[1]);
  for (const auto& attribute : attributes) {
    if (!probe::equal(args[0], attribute.name)) continue;
    const probe::Number wanted = args.number(1);
    if (!wanted.valid) return probe::usage();
    const auto own = attribute.get();
    if (own.is_error) return probe::unable(attribute.name, own.value);
    return lacking(own.value != wanted.value);
  }
  return probe::usage();
}
