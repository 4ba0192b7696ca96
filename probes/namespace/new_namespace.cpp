// Asks for a namespace by each of the calls that make or enter one, with a second argument that the
// kernel refuses before it looks at capabilities: a flag that unshare(2) does not know, a
// descriptor that is not open, CLONE_SIGHAND without CLONE_VM. So the filter of RestrictNamespaces=
// is the only gate it sees, for any user and on any machine.
//
// clone3(2) takes its flags in memory, where no filter can look: systemd denies it as a whole, with
// ENOSYS, so that the C library falls back to clone(2).

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "new-namespace",
    .attempts = "CALL of a namespace of the TYPE, with an argument that the kernel refuses",
    .arguments =
        "unshare|setns|clone|clone3|i386-unshare|x32-unshare "
        "cgroup|ipc|mnt|net|pid|user|uts|time|any",
    .harmless_because = "no namespace is made or entered",
    .denied_with = {EPERM, ENOSYS},
};

namespace {

struct Type {
  const char* name;
  unsigned long flag;
};

constexpr Type types[] = {
    {"cgroup", CLONE_NEWCGROUP},
    {"ipc", CLONE_NEWIPC},
    {"mnt", CLONE_NEWNS},
    {"net", CLONE_NEWNET},
    {"pid", CLONE_NEWPID},
    {"user", CLONE_NEWUSER},
    {"uts", CLONE_NEWUTS},
    {"time", 0x80},
    // setns(2) of whatever the descriptor is of.
    {"any", 0},
};

// As <linux/sched.h> has it, which cannot be included beside <sched.h>.
struct CloneArguments {
  uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
};

// Behind the gate, a call fails with the one errno that its argument is made for: another one,
// which a filter may have for it, is no sign that it got through.
probe::Outcome refused(long result, int error) {
  return result == -error ? probe::allowed() : probe::judge(card, result);
}

constexpr unsigned long unknown_flag = 1;
// In clone(2) these flags begin with the exit signal.
constexpr unsigned long impossible = CLONE_SIGHAND;

}  // namespace

probe::Outcome attempt(probe::Args args) {
  constexpr long i386_unshare = 310;
  const Type* type = nullptr;
  for (const Type& known : types) {
    if (probe::equal(args[1], known.name)) type = &known;
  }
  if (type == nullptr) return probe::usage();

  if (probe::equal(args[0], "unshare")) {
    return refused(sys::unshare(type->flag | unknown_flag), EINVAL);
  }
  if (probe::equal(args[0], "i386-unshare")) {
    return refused(sys::call_i386(i386_unshare, type->flag | unknown_flag), EINVAL);
  }
  if (probe::equal(args[0], "x32-unshare")) {
    const long r = sys::call_x32(__NR_unshare, type->flag | unknown_flag);
    return r == -EINVAL ? probe::allowed() : probe::judge_x32(card, r);
  }
  if (probe::equal(args[0], "setns")) {
    return refused(sys::setns(-1, static_cast<int>(type->flag)), EBADF);
  }
  if (probe::equal(args[0], "clone")) {
    return refused(sys::clone(type->flag | impossible), EINVAL);
  }
  if (probe::equal(args[0], "clone3")) {
    CloneArguments arguments{};
    arguments.flags = type->flag | impossible;
    return refused(sys::call(__NR_clone3, &arguments, sizeof arguments), EINVAL);
  }
  return probe::usage();
}
