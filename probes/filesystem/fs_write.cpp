// Makes a directory and takes it away again: the smallest change to a file system that leaves
// nothing behind. mkdir(2) asks for the permissions of DIRECTORY and for a writable mount, so it
// sees a read-only mount (EROFS), an inaccessible one (EACCES) and a lack of file permissions
// (EACCES): the bare cells tell these apart.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "fs-write",
    .attempts = "mkdir(DIRECTORY/.sandproof-XXXX), then rmdir",
    .arguments = "DIRECTORY",
    .harmless_because = "the new directory is empty, has a name of its own and is removed at once",
    .denied_with = {EROFS, EACCES, EPERM},
    .absent_with = {ENOENT, ENOTDIR},
};

probe::Outcome attempt(probe::Args args) {
  probe::Text path;
  path.add(args[0]).add("/.sandproof-").add(args.token().text);
  const long r = sys::mkdirat(AT_FDCWD, path.c_str(), 0700);
  if (r >= 0) sys::unlinkat(AT_FDCWD, path.c_str(), AT_REMOVEDIR);
  return probe::judge(card, r);
}
