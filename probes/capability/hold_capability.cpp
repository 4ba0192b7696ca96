// Asks the kernel whether capabilities are in one of this process's sets, which is all that there
// is to a bounding set: what is not in it can never be had, not by root and not by executing a
// program. That is why it proves something of an unprivileged user, too, who holds no capability
// anyway. An empty answer is not an errno; it is told as EPERM, which is what a lack of
// capabilities comes to.

#include <linux/capability.h>

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "hold-capability",
    .attempts =
        "any of the named, or after ~ any other, is in the set: prctl(PR_CAPBSET_READ, CAP), or "
        "capget()",
    .arguments = "bounding|ambient|effective [~] [CAP...]",
    .harmless_because = "the sets are read, not changed",
    .denied_with = {EPERM},
};

namespace {

// By number: <linux/capability.h>.
constexpr const char* names[] = {
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_DAC_READ_SEARCH",
    "CAP_FOWNER",
    "CAP_FSETID",
    "CAP_KILL",
    "CAP_SETGID",
    "CAP_SETUID",
    "CAP_SETPCAP",
    "CAP_LINUX_IMMUTABLE",
    "CAP_NET_BIND_SERVICE",
    "CAP_NET_BROADCAST",
    "CAP_NET_ADMIN",
    "CAP_NET_RAW",
    "CAP_IPC_LOCK",
    "CAP_IPC_OWNER",
    "CAP_SYS_MODULE",
    "CAP_SYS_RAWIO",
    "CAP_SYS_CHROOT",
    "CAP_SYS_PTRACE",
    "CAP_SYS_PACCT",
    "CAP_SYS_ADMIN",
    "CAP_SYS_BOOT",
    "CAP_SYS_NICE",
    "CAP_SYS_RESOURCE",
    "CAP_SYS_TIME",
    "CAP_SYS_TTY_CONFIG",
    "CAP_MKNOD",
    "CAP_LEASE",
    "CAP_AUDIT_WRITE",
    "CAP_AUDIT_CONTROL",
    "CAP_SETFCAP",
    "CAP_MAC_OVERRIDE",
    "CAP_MAC_ADMIN",
    "CAP_SYSLOG",
    "CAP_WAKE_ALARM",
    "CAP_BLOCK_SUSPEND",
    "CAP_AUDIT_READ",
    "CAP_PERFMON",
    "CAP_BPF",
    "CAP_CHECKPOINT_RESTORE",
};
constexpr int most_capabilities = 64;

// Below 0 where there is none of this name.
int number_of(const char* name) {
  int number = 0;
  for (const char* known : names) {
    if (probe::equal(name, known)) return number;
    ++number;
  }
  return -1;
}

enum class Set { bounding, ambient, effective };

long is_effective(int capability) {
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};
  const long r = sys::call(__NR_capget, &header, data);
  return r < 0 ? r : data[capability / 32].effective >> capability % 32 & 1;
}

long is_held(Set set, int capability) {
  const auto number = static_cast<unsigned long>(capability);
  switch (set) {
    case Set::bounding:
      return sys::prctl(PR_CAPBSET_READ, number);
    case Set::ambient:
      return sys::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, number);
    case Set::effective:
      break;
  }
  return is_effective(capability);
}

}  // namespace

probe::Outcome attempt(probe::Args args) {
  Set set = Set::bounding;
  if (probe::equal(args[0], "ambient")) {
    set = Set::ambient;
  } else if (probe::equal(args[0], "effective")) {
    set = Set::effective;
  } else if (!probe::equal(args[0], "bounding")) {
    return probe::usage();
  }
  const bool others = args.size() > 1 && probe::equal(args[1], "~");

  uint64_t asked = 0;
  for (size_t i = others ? 2 : 1; i < args.size(); ++i) {
    const int number = number_of(args[i]);
    if (number < 0) return probe::usage();
    asked |= uint64_t{1} << number;
  }
  if (others) asked = ~asked;

  for (int capability = 0; capability < most_capabilities; ++capability) {
    if ((asked >> capability & 1) == 0) continue;
    const long r = is_held(set, capability);
    // The kernel knows no more capabilities than that.
    if (r == -EINVAL) break;
    if (r != 0) return probe::judge(card, r);
  }
  return probe::denied(EPERM);
}
