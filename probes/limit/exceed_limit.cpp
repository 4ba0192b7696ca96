// Uses one more of something than RESOURCE's hard limit of VALUE leaves, with as much of it as the
// process may have: the soft limit, which any process may raise, is raised to the hard one first. A
// new stack page beyond the limit kills, and so does a write beyond it (SIGSEGV, SIGXFSZ).

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "exceed-limit",
    .attempts = "use more than VALUE of RESOURCE, by dup3, mmap, mlock2, write or a deeper stack",
    .arguments = "AS|DATA|FSIZE|MEMLOCK|NOFILE|STACK VALUE",
    .harmless_because = "nothing is filled with what is asked for, and it goes with the process",
    .denied_with = {EBADF, ENOMEM, EAGAIN, EPERM, EFBIG},
};

namespace {

constexpr unsigned long page = 4096;
constexpr unsigned int mlock_on_fault = 1;

void raise_soft_limit(int resource) {
  struct rlimit limit;
  if (sys::prlimit64(0, resource, nullptr, &limit) < 0) return;
  limit.rlim_cur = limit.rlim_max;
  sys::prlimit64(0, resource, &limit, nullptr);
}

// A page rounded up, with one to spare.
long map_more_than(unsigned long size, int protection) {
  const unsigned long length = (size / page + 2) * page;
  return sys::mmap(nullptr, length, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

long lock_more_than(unsigned long size) {
  const long address = map_more_than(size, PROT_NONE);
  if (address < 0) return address;
  return sys::call(__NR_mlock2, address, (size / page + 2) * page, mlock_on_fault);
}

// Of a file in memory that has nothing but this byte.
long write_byte_at(unsigned long offset) {
  const long fd = sys::memfd_create("sandproof", MFD_CLOEXEC);
  if (fd < 0) return fd;
  return sys::call(__NR_pwrite64, fd, "", 1, offset);
}

long touch_stack_below(unsigned long size) {
  volatile char here = 0;
  const unsigned long below = reinterpret_cast<unsigned long>(&here) - size - page;
  *reinterpret_cast<volatile char*>(below) = here;
  return 0;
}

}  // namespace

probe::Outcome attempt(probe::Args args) {
  const probe::Number value = args.number(1);
  if (!value.valid || value.value < 0) return probe::usage();
  const auto limit = static_cast<unsigned long>(value.value);
  const auto is = [&args](const char* name) { return probe::equal(args[0], name); };
  if (is("AS")) {
    raise_soft_limit(RLIMIT_AS);
    return probe::judge(card, map_more_than(limit, PROT_NONE));
  }
  if (is("DATA")) {
    raise_soft_limit(RLIMIT_DATA);
    return probe::judge(card, map_more_than(limit, PROT_READ | PROT_WRITE));
  }
  if (is("FSIZE")) {
    raise_soft_limit(RLIMIT_FSIZE);
    return probe::judge(card, write_byte_at(limit));
  }
  if (is("MEMLOCK")) {
    raise_soft_limit(RLIMIT_MEMLOCK);
    return probe::judge(card, lock_more_than(limit));
  }
  if (is("NOFILE")) {
    raise_soft_limit(RLIMIT_NOFILE);
    return probe::judge(card, sys::dup3(1, static_cast<int>(limit), O_CLOEXEC));
  }
  if (is("STACK")) {
    raise_soft_limit(RLIMIT_STACK);
    return probe::judge(card, touch_stack_below(limit));
  }
  return probe::usage();
}
