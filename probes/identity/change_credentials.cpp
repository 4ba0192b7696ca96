// Makes a directory in $CREDENTIALS_DIRECTORY and takes it away again: what a unit is handed there,
// it may read and not change. A unit without credentials has no such folder, and would be free to
// make its own; that it is not there is told as `absent`.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "change-credentials",
    .attempts = "mkdir($CREDENTIALS_DIRECTORY/.sandproof-XXXX), then rmdir",
    .harmless_because = "the new directory is empty, has a name of its own and is removed at once",
    .denied_with = {EROFS, EACCES, EPERM},
    .absent_with = {ENOENT, ENOTDIR},
};

probe::Outcome attempt(probe::Args args) {
  const char* directory = args.environment("CREDENTIALS_DIRECTORY");
  if (directory == nullptr) return probe::absent(ENOENT);
  probe::Text path;
  path.add(directory).add("/.sandproof-").add(args.token().text);
  const long r = sys::mkdirat(AT_FDCWD, path.c_str(), 0700);
  if (r >= 0) sys::unlinkat(AT_FDCWD, path.c_str(), AT_REMOVEDIR);
  return probe::judge(card, r);
}
