// Whether the kernel would execute what is at PATH. Of a file it is asked by access(2), which heeds
// the file's mode and a noexec mount alike. A directory is executed by nobody, so of one the mount
// is asked by statfs(2): ST_NOEXEC is the very flag that execve(2) and mmap(2) look at.

#include <sys/statfs.h>
#include <sys/statvfs.h>

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "fs-execute",
    .attempts = "access(PATH, X_OK); of a directory, statfs(PATH) without ST_NOEXEC",
    .arguments = "PATH",
    .harmless_because = "nothing is executed",
    .denied_with = {EACCES},
    .absent_with = {ENOENT, ENOTDIR},
};

probe::Outcome attempt(probe::Args args) {
  struct stat status;
  long r = sys::newfstatat(AT_FDCWD, args[0], &status, 0);
  if (r < 0) return probe::judge(card, r);
  if (!S_ISDIR(status.st_mode)) return probe::judge(card, sys::faccessat(AT_FDCWD, args[0], X_OK));
  struct statfs system;
  r = sys::call(__NR_statfs, args[0], &system);
  if (r >= 0 && (system.f_flags & ST_NOEXEC) != 0) return probe::denied(EACCES);
  return probe::judge(card, r);
}
