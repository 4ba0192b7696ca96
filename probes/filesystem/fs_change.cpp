// Changes what is at PATH, whatever it is, as little as can be: a directory gets a new directory
// that is taken away again, a file is opened for writing and not written. Sockets, FIFOs and
// devices are not opened, for that alone may do something: the kernel is asked whether it would.
// For paths that a unit names, which may be any of these.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "fs-change",
    .attempts = "mkdir(PATH/.sandproof-XXXX), rmdir; of a file open(PATH, O_WRONLY)",
    .arguments = "PATH",
    .harmless_because = "the new directory is empty and removed at once; nothing is written",
    .denied_with = {EROFS, EACCES, EPERM},
    .absent_with = {ENOENT},
};

namespace {

long change_file(const char* path) {
  struct stat status;
  const long r = sys::newfstatat(AT_FDCWD, path, &status, 0);
  if (r < 0) return r;
  if (!S_ISREG(status.st_mode)) return sys::faccessat(AT_FDCWD, path, W_OK);
  return sys::open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
}

}  // namespace

probe::Outcome attempt(probe::Args args) {
  probe::Text path;
  path.add(args[0]).add("/.sandproof-").add(args.token().text);
  long r = sys::mkdirat(AT_FDCWD, path.c_str(), 0700);
  if (r >= 0) sys::unlinkat(AT_FDCWD, path.c_str(), AT_REMOVEDIR);
  if (r == -ENOTDIR) r = change_file(args[0]);
  return probe::judge(card, r);
}
