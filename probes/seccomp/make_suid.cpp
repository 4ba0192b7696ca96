// Asks for a file with the set-user-ID or set-group-ID bit by each of the calls that can make one,
// through a directory that is not open: a filter sees the mode, and the kernel says EBADF before
// it looks at anything else. openat2(2) takes the mode in memory, where no filter can look; systemd
// denies it as a whole, with ENOSYS.
//
// O_TMPFILE is tried in earnest, by open(2) and by io_uring, since it is the one that gets through:
// the file has no name, and is gone at exit.

#include "kit/probe.h"
#include "kit/ring.h"

constexpr probe::Card card{
    .id = "make-suid",
    .attempts = "CALL with the mode 04755, or 02755 of a directory",
    .arguments =
        "fchmod|fchmodat|fchmodat2|mkdirat|mknodat|openat|openat2|i386-fchmod|x32-fchmod|tmpfile|"
        "io-uring [DIRECTORY]",
    .harmless_because = "no file is made; that of O_TMPFILE has no name and is gone at exit",
    .denied_with = {EPERM, EACCES, ENOSYS},
    .absent_with = {ENOENT, ENOTDIR},
    .allowed_with = {EBADF},
};

namespace {

// As <linux/openat2.h> has it.
struct OpenHow {
  uint64_t flags, mode, resolve;
};

constexpr mode_t suid = 04755;
constexpr mode_t sgid_directory = 02755;

constexpr int unnamed = O_TMPFILE | O_WRONLY | O_CLOEXEC;

probe::Outcome judge_file(long fd) {
  if (fd < 0) return probe::judge(card, fd);
  struct stat status;
  const long r = sys::fstat(static_cast<int>(fd), &status);
  if (r < 0) return probe::unable("fstat", r);
  return (status.st_mode & S_ISUID) != 0 ? probe::allowed() : probe::denied(EPERM);
}

probe::Outcome by_ring(const char* directory) {
  io_uring_sqe request{};
  request.opcode = IORING_OP_OPENAT;
  request.fd = AT_FDCWD;
  request.addr = reinterpret_cast<uint64_t>(directory);
  request.len = suid;
  request.open_flags = unnamed;
  const auto made = probe::request_by_ring(card, request);
  return made.is_made ? judge_file(made.result) : made.failure;
}

}  // namespace

probe::Outcome attempt(probe::Args args) {
  constexpr long i386_fchmod = 94;
  constexpr long fchmodat2 = 452;
  constexpr int nowhere = -1;
  const auto is = [&args](const char* call) { return probe::equal(args[0], call); };

  if (is("tmpfile") || is("io-uring")) {
    if (args.size() != 2) return probe::usage();
    return is("tmpfile") ? judge_file(sys::open(args[1], unnamed, suid)) : by_ring(args[1]);
  }
  if (is("fchmod")) return probe::judge(card, sys::fchmod(nowhere, suid));
  if (is("i386-fchmod")) return probe::judge(card, sys::call_i386(i386_fchmod, nowhere, suid));
  if (is("x32-fchmod")) {
    return probe::judge_x32(card, sys::call_x32(__NR_fchmod, nowhere, suid));
  }
  if (is("fchmodat")) return probe::judge(card, sys::fchmodat(nowhere, "x", suid));
  if (is("fchmodat2")) return probe::judge(card, sys::call(fchmodat2, nowhere, "x", suid));
  if (is("mkdirat")) return probe::judge(card, sys::mkdirat(nowhere, "x", sgid_directory));
  if (is("mknodat")) return probe::judge(card, sys::mknodat(nowhere, "x", S_IFREG | suid, 0));
  if (is("openat")) {
    return probe::judge(card, sys::openat(nowhere, "x", O_CREAT | O_WRONLY, suid));
  }
  if (is("openat2")) {
    const OpenHow how{.flags = O_CREAT | O_WRONLY, .mode = suid, .resolve = 0};
    return probe::judge(card, sys::call(__NR_openat2, nowhere, "x", &how, sizeof how));
  }
  return probe::usage();
}
