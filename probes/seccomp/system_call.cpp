// Any of these system calls, with arguments that the kernel refuses or that change nothing: seccomp
// is asked before the kernel looks at them, so that a filter is seen whatever they are. Who is not
// privileged may be refused for that, before the arguments are: EPERM is on most of the lists.
//
// With an ERRNO the filter denies by it, and the call's own errnos say that it got through; an
// errno that is the filter's and the call's own is the filter's, and the bare cells tell. Without
// one the filter kills. EPERM and EACCES, where they are not the call's own, are a denial as well,
// though not this filter's: another filter's, or a security module's. Any other errno is neither,
// and `unable`.

#include <time.h>

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "system-call",
    .attempts =
        "NAME with arguments that are refused or change nothing; by the i386 or x32 ABI if so said",
    .arguments = "[i386:|x32:]NAME [ERRNO]",
    .harmless_because = "null pointers, descriptors that are not open, flags that nobody knows",
    .denied_with = {EPERM, EACCES},
    .allowed_with = {ENOSYS},
};

namespace {

struct Call {
  const char* name;
  long number;
  long i386_number;
  long a, b, c, d, e;
  // What the call itself says to these arguments, beside success and ENOSYS.
  probe::Errnos own;
};

constexpr long bad = -1;

constexpr Call calls[] = {
    // @clock
    {"adjtimex", __NR_adjtimex, 124, 0, 0, 0, 0, 0, {EFAULT}},
    {"clock_settime", __NR_clock_settime, 264, CLOCK_REALTIME, 0, 0, 0, 0, {EFAULT, EPERM}},
    {"settimeofday", __NR_settimeofday, 79, 0, 0, 0, 0, 0, {EPERM}},
    // @module
    {"delete_module", __NR_delete_module, 129, 0, 0, 0, 0, 0, {EPERM, EFAULT}},
    {"finit_module", __NR_finit_module, 350, bad, 0, bad, 0, 0, {EPERM, EINVAL, EBADF}},
    {"init_module", __NR_init_module, 128, 0, 0, 0, 0, 0, {EPERM, EFAULT, ENOEXEC}},
// @raw-io
#if defined(__x86_64__)
    {"ioperm", __NR_ioperm, 101, 0x10000000, 1, 1, 0, 0, {EINVAL, EPERM}},
    {"iopl", __NR_iopl, 110, 4, 0, 0, 0, 0, {EINVAL}},
#endif
    // @mount
    {"chroot", __NR_chroot, 61, 0, 0, 0, 0, 0, {EFAULT}},
    {"mount", __NR_mount, 21, 0, 0, 0, 0, 0, {EFAULT}},
    {"umount2", __NR_umount2, 52, 0, 0xffff, 0, 0, 0, {EINVAL}},
    {"fsopen", __NR_fsopen, 430, 0, bad, 0, 0, 0, {EPERM, EINVAL}},
    {"move_mount", __NR_move_mount, 429, bad, 0, bad, 0, bad, {EPERM, EINVAL}},
    {"open_tree", __NR_open_tree, 428, bad, 0, bad, 0, 0, {EINVAL}},
    {"pivot_root", __NR_pivot_root, 217, 0, 0, 0, 0, 0, {EPERM, EFAULT}},
    // @swap
    {"swapoff", __NR_swapoff, 115, 0, 0, 0, 0, 0, {EPERM, EFAULT}},
    {"swapon", __NR_swapon, 87, 0, bad, 0, 0, 0, {EPERM, EINVAL}},
    // @reboot: without the magic numbers nothing happens
    {"kexec_load", __NR_kexec_load, 283, 0, 0, 0, bad, 0, {EPERM, EINVAL}},
    {"reboot", __NR_reboot, 88, 0, 0, 0, 0, 0, {EPERM, EINVAL}},
    // @debug
    {"perf_event_open", __NR_perf_event_open, 336, 0, 0, bad, bad, bad, {EINVAL}},
    {"pidfd_getfd", __NR_pidfd_getfd, 438, bad, bad, 0, 0, 0, {EBADF}},
    {"ptrace", __NR_ptrace, 26, PTRACE_PEEKDATA, 0, 0, 0, 0, {ESRCH}},
// @cpu-emulation and @obsolete
#if defined(__x86_64__)
    {"modify_ldt", __NR_modify_ldt, 123, bad, 0, 0, 0, 0, {}},
    {"sysfs", __NR_sysfs, 135, bad, 0, 0, 0, 0, {EINVAL}},
    {"ustat", __NR_ustat, 62, bad, 0, 0, 0, 0, {EINVAL, EFAULT}},
#endif
    // @privileged
    {"acct", __NR_acct, 51, 1, 0, 0, 0, 0, {EPERM, EFAULT}},
    {"bpf", __NR_bpf, 357, bad, 0, 0, 0, 0, {EPERM, EINVAL}},
    {"capset", __NR_capset, 185, 0, 0, 0, 0, 0, {EFAULT}},
    {"open_by_handle_at", __NR_open_by_handle_at, 342, bad, 0, 0, 0, 0, {EPERM, EFAULT, EBADF}},
    {"quotactl", __NR_quotactl, 131, bad, 0, 0, 0, 0, {EINVAL, ENODEV, EPERM}},
    {"setdomainname", __NR_setdomainname, 121, 0, bad, 0, 0, 0, {EPERM, EINVAL}},
    {"sethostname", __NR_sethostname, 74, 0, bad, 0, 0, 0, {EPERM, EINVAL}},
    // @setuid and @chown
    {"fchown", __NR_fchown, 207, bad, bad, bad, 0, 0, {EBADF}},
    {"fchownat", __NR_fchownat, 298, bad, 0, bad, bad, bad, {EINVAL}},
    {"setresuid", __NR_setresuid, 208, bad, bad, bad, 0, 0, {}},
    {"setreuid", __NR_setreuid, 203, bad, bad, 0, 0, 0, {}},
    // @resources
    {"ioprio_set", __NR_ioprio_set, 289, bad, 0, 0, 0, 0, {EINVAL, EPERM}},
    {"sched_setscheduler", __NR_sched_setscheduler, 156, 0, SCHED_OTHER, 0, 0, 0, {EINVAL}},
    {"setpriority", __NR_setpriority, 97, bad, 0, 0, 0, 0, {EINVAL}},
    {"setrlimit", __NR_setrlimit, 75, bad, 0, 0, 0, 0, {EFAULT, EINVAL}},
    // @keyring
    {"add_key", __NR_add_key, 286, 0, 0, 0, bad, 0, {EINVAL, EFAULT}},
    {"keyctl", __NR_keyctl, 288, 9999, 0, 0, 0, 0, {EOPNOTSUPP}},
    {"request_key", __NR_request_key, 287, 0, 0, 0, 0, 0, {EFAULT}},
    // @aio
    {"io_setup", __NR_io_setup, 245, 0, 0, 0, 0, 0, {EFAULT}},
    {"io_uring_setup", __NR_io_uring_setup, 425, 0, 0, 0, 0, 0, {EFAULT, EPERM}},
    // @memlock
    {"mlock2", __NR_mlock2, 376, 0, 0, bad, 0, 0, {EINVAL}},
    {"mlockall", __NR_mlockall, 152, 0, 0, 0, 0, 0, {EINVAL}},
    // @pkey
    {"pkey_alloc", __NR_pkey_alloc, 381, bad, bad, 0, 0, 0, {EINVAL}},
    // @sandbox
    {"landlock_create_ruleset",
     __NR_landlock_create_ruleset,
     444,
     0,
     0,
     bad,
     0,
     0,
     {EINVAL, EOPNOTSUPP}},
    {"seccomp", __NR_seccomp, 354, bad, 0, 0, 0, 0, {EINVAL}},
    // @process
    {"setns", __NR_setns, 346, bad, 0, 0, 0, 0, {EBADF}},
    {"unshare", __NR_unshare, 310, 1, 0, 0, 0, 0, {EINVAL}},
    // @ipc
    {"memfd_create", __NR_memfd_create, 356, 0, bad, 0, 0, 0, {EINVAL}},
    {"msgget", __NR_msgget, 399, 1, 0, 0, 0, 0, {ENOENT}},
    {"process_vm_readv", __NR_process_vm_readv, 347, 0, 0, 0, 0, 0, {EINVAL}},
    {"shmget", __NR_shmget, 395, 0, 0, 0, 0, 0, {EINVAL}},
    // @network-io
    {"accept4", __NR_accept4, 364, bad, 0, 0, 0, 0, {EBADF}},
    {"bind", __NR_bind, 361, bad, 0, 0, 0, 0, {EBADF}},
    {"connect", __NR_connect, 362, bad, 0, 0, 0, 0, {EBADF}},
    {"listen", __NR_listen, 363, bad, 0, 0, 0, 0, {EBADF}},
    // @file-system, @io-event, @sync, @timer and what has no group
    {"epoll_create1", __NR_epoll_create1, 329, bad, 0, 0, 0, 0, {EINVAL}},
    {"fsync", __NR_fsync, 118, bad, 0, 0, 0, 0, {EBADF}},
    {"linkat", __NR_linkat, 303, bad, 0, bad, 0, bad, {EINVAL}},
    {"mkdirat", __NR_mkdirat, 296, bad, 0, 0, 0, 0, {EFAULT}},
    {"mknodat", __NR_mknodat, 297, bad, 0, 0, 0, 0, {EFAULT}},
    {"personality", __NR_personality, 136, 0xffffffff, 0, 0, 0, 0, {}},
    {"syslog", __NR_syslog, 103, bad, 0, 0, 0, 0, {EPERM, EINVAL}},
    {"timerfd_create", __NR_timerfd_create, 322, bad, 0, 0, 0, 0, {EINVAL}},
    {"unlinkat", __NR_unlinkat, 301, bad, 0, bad, 0, 0, {EINVAL}},
    {"userfaultfd", __NR_userfaultfd, 374, bad, 0, 0, 0, 0, {EPERM, EINVAL}},
};

const Call* find_call(const char* name) {
  for (const Call& call : calls) {
    if (probe::equal(call.name, name)) return &call;
  }
  return nullptr;
}

// The native one, but for the calls that x32 has of its own.
long x32_number(const Call& call) {
  struct Own {
    const char* name;
    long number;
  };
  constexpr Own own[] = {
      {"ptrace", 521}, {"kexec_load", 528}, {"process_vm_readv", 539}, {"io_setup", 543}};
  for (const Own& each : own) {
    if (probe::equal(each.name, call.name)) return each.number;
  }
  return call.number;
}

int parse_errno(const char* name) {
  for (int error = 1; error < 134; ++error) {
    const char* known = probe::errno_name(error);
    if (known != nullptr && probe::equal(known, name)) return error;
  }
  return 0;
}

}  // namespace

probe::Outcome attempt(probe::Args args) {
  const char* i386_name = probe::after_prefix(args[0], "i386:");
  const char* x32_name = probe::after_prefix(args[0], "x32:");
  const Call* call = find_call(i386_name != nullptr  ? i386_name
                               : x32_name != nullptr ? x32_name
                                                     : args[0]);
  const int error = args.size() > 1 ? parse_errno(args[1]) : 0;
  if (call == nullptr || (args.size() > 1 && error == 0)) return probe::usage();

  const long r = i386_name != nullptr ? sys::call_i386(call->i386_number, call->a, call->b, call->c,
                                                       call->d, call->e)
                 : x32_name != nullptr
                     ? sys::call_x32(x32_number(*call), call->a, call->b, call->c, call->d, call->e)
                     : sys::call(call->number, call->a, call->b, call->c, call->d, call->e);
  if (error != 0 && r == -error) return probe::denied(error);
  if (r < 0 && call->own.has(static_cast<int>(-r))) return probe::allowed();
  return x32_name != nullptr ? probe::judge_x32(card, r) : probe::judge(card, r);
}
