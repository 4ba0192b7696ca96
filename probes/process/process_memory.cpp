// Another process' memory, by other ways than ptrace(2): they ask for all that PTRACE_ATTACH asks
// for, and for no system call that is called so. One byte is read, where every program of ours has
// its ELF header; to an address that nobody has, none is written.

#include <sys/uio.h>

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "process-memory",
    .attempts = "process_vm_readv(PID), process_vm_writev(PID) to NULL, or open(/proc/PID/mem)",
    .arguments = "readv|writev|mem PID",
    .harmless_because = "one byte is read and forgotten, and none is written",
    .denied_with = {EPERM, EACCES},
    .absent_with = {ENOENT, ESRCH},
    // Of the address, which is looked at last.
    .allowed_with = {EFAULT, EIO},
};

extern "C" const char __ehdr_start[];

namespace {

long transfer(long number, long pid, const void* remote) {
  char byte = 0;
  const iovec here{.iov_base = &byte, .iov_len = 1};
  const iovec there{.iov_base = const_cast<void*>(remote), .iov_len = 1};
  return sys::call(number, pid, &here, 1, &there, 1, 0);
}

long read_file_of(long pid) {
  probe::Text path;
  path.add("/proc/").add_number(pid).add("/mem");
  const long fd = sys::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (fd < 0) return fd;
  char byte = 0;
  return sys::pread64(static_cast<int>(fd), &byte, 1, reinterpret_cast<long>(__ehdr_start));
}

}  // namespace

probe::Outcome attempt(probe::Args args) {
  const probe::Number pid = args.number(1);
  if (!pid.valid || pid.value < 1 || pid.value > 0x7fffffff) return probe::usage();
  // In a PID namespace of its own, the probe may have got the number of the process that is meant.
  if (sys::getpid() == pid.value) return probe::absent(ESRCH);
  if (probe::equal(args[0], "readv")) {
    return probe::judge(card, transfer(__NR_process_vm_readv, pid.value, __ehdr_start));
  }
  if (probe::equal(args[0], "writev")) {
    return probe::judge(card, transfer(__NR_process_vm_writev, pid.value, nullptr));
  }
  if (probe::equal(args[0], "mem")) return probe::judge(card, read_file_of(pid.value));
  return probe::usage();
}
