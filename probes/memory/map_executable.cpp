// Memory that is, or was, writable and becomes executable: what injected code needs.
//
// With the personality READ_IMPLIES_EXEC, memory that is mapped readable and writable is
// executable, though the call that a filter sees does not say so. Whether it is, only a jump into
// it shows: a lone `ret`. A file may be mapped twice.

#include <sys/personality.h>

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "map-executable",
    .attempts =
        "mmap(RWX), mprotect(RW to RX), shmat(SHM_EXEC), mmap(RW) that implies X, or a file's "
        "mmap(RW) and mmap(RX); some by other ABIs",
    .arguments =
        "mmap|mprotect|shmat|memfd|file|read-implies-exec|i386-mmap2|i386-ipc|x32-mmap "
        "[FOLDER]",
    .harmless_because = "it is a page of this process's own, with nothing or a `ret` in it",
    .denied_with = {EPERM, EACCES},
};

namespace {

constexpr size_t page = 4096;
constexpr int anonymous = MAP_PRIVATE | MAP_ANONYMOUS;

long map(int protection) { return sys::mmap(nullptr, page, protection, anonymous, -1, 0); }

probe::Outcome by_mprotect() {
  const long memory = map(PROT_READ | PROT_WRITE);
  if (memory < 0) return probe::unable("mmap", memory);
  return probe::judge(card,
                      sys::mprotect(reinterpret_cast<void*>(memory), page, PROT_READ | PROT_EXEC));
}

probe::Outcome by_shmat() {
  const long id = sys::shmget(IPC_PRIVATE, page, 0700);
  if (id < 0) return probe::unable("shmget", id);
  const long r = sys::shmat(static_cast<int>(id), nullptr, SHM_EXEC);
  sys::shmctl(static_cast<int>(id), IPC_RMID, nullptr);
  return probe::judge(card, r);
}

// i386 has shmat(2) as a part of ipc(2), which takes its arguments in memory. systemd's filter
// leaves it alone, and says so (seccomp_memory_deny_write_execute() in its seccomp-util.c).
probe::Outcome by_ipc() {
  constexpr long i386_ipc = 117;
  constexpr int shmat_of_ipc = 21;
  const long id = sys::shmget(IPC_PRIVATE, page, 0700);
  if (id < 0) return probe::unable("shmget", id);
  // Static, since i386 pointers do not reach the stack.
  static uint32_t address;
  const long r = sys::call_i386(i386_ipc, shmat_of_ipc, id, SHM_EXEC, &address);
  sys::shmctl(static_cast<int>(id), IPC_RMID, nullptr);
  return probe::judge(card, r);
}

// Two views of the same page, of a file that has no name: what is written by the one can be run by
// the other.
probe::Outcome by_file(long opened) {
  if (opened < 0) return probe::unable("open", opened);
  const auto fd = static_cast<int>(opened);
  long r = sys::call(__NR_ftruncate, fd, page);
  if (r < 0) return probe::unable("ftruncate", r);
  r = sys::mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (r < 0) return probe::unable("mmap", r);
  return probe::judge(card, sys::mmap(nullptr, page, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0));
}

probe::Outcome by_personality() {
#if defined(__x86_64__)
  const long r = sys::personality(READ_IMPLIES_EXEC);
  if (r < 0) return probe::judge(card, r);
  const long memory = map(PROT_READ | PROT_WRITE);
  if (memory < 0) return probe::judge(card, memory);
  constexpr unsigned char ret = 0xc3;
  *reinterpret_cast<volatile unsigned char*>(memory) = ret;
  reinterpret_cast<void (*)()>(memory)();
  return probe::allowed();
#else
  return probe::unable("not on this machine");
#endif
}

}  // namespace

probe::Outcome attempt(probe::Args args) {
  constexpr long i386_mmap2 = 192;
  constexpr int all = PROT_READ | PROT_WRITE | PROT_EXEC;
  if (probe::equal(args[0], "mmap")) return probe::judge(card, map(all));
  if (probe::equal(args[0], "mprotect")) return by_mprotect();
  if (probe::equal(args[0], "shmat")) return by_shmat();
  if (probe::equal(args[0], "read-implies-exec")) return by_personality();
  if (probe::equal(args[0], "memfd")) return by_file(sys::memfd_create("sandproof", 0));
  if (probe::equal(args[0], "file")) {
    if (args.size() != 2) return probe::usage();
    return by_file(sys::open(args[1], O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  }
  if (probe::equal(args[0], "i386-ipc")) return by_ipc();
  if (probe::equal(args[0], "x32-mmap")) {
    return probe::judge_x32(card, sys::call_x32(__NR_mmap, nullptr, page, all, anonymous, -1, 0));
  }
  if (!probe::equal(args[0], "i386-mmap2")) return probe::usage();
  const long r = sys::call_i386(i386_mmap2, nullptr, page, all, anonymous, -1);
  // An address in the upper half of 32 bits looks negative; an errno is above -4096.
  return r < -4095 ? probe::allowed() : probe::judge(card, r);
}
