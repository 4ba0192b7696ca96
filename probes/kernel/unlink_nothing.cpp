// unlink(2) of a name that is not there. The kernel asks whether the mount may be written before it
// looks for the name, and for permissions only after it has found it: so EROFS tells of a read-only
// mount to any user, and ENOENT says that the mount may be written, though the user may not. The
// directory is opened first, or a directory that is not there would be ENOENT, too.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "unlink-nothing",
    .attempts = "unlink(DIRECTORY/.sandproof-XXXX), which is not there",
    .arguments = "DIRECTORY",
    .harmless_because = "nothing has a name with so many random digits",
    .denied_with = {EROFS, EACCES, EPERM},
    .absent_with = {ENOENT, ENOTDIR},
};

probe::Outcome attempt(probe::Args args) {
  const long directory = sys::open(args[0], O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return probe::judge(card, directory);
  probe::Text name;
  name.add(".sandproof-").add(args.token().text);
  const long r = sys::unlinkat(static_cast<int>(directory), name.c_str(), 0);
  if (r == -ENOENT) return probe::allowed();
  return probe::judge(card, r);
}
