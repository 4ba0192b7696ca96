// The side door of a protected path that anybody may take: another mount of the same file system on
// which the same object is seen, such as a bind mount of it that the machine or the unit has. That
// it is the very same object is shown by its place in the file system.

#include "kit/mounts.h"
#include "kit/probe.h"

constexpr probe::Card card{
    .id = "fs-by-alias",
    .attempts =
        "open(PATH of FILESYSTEM) for reading, or mkdir and rmdir in it, by any mount of it",
    .arguments = "reach|change FILESYSTEM PATH",
    .harmless_because =
        "the new directory is removed at once; of a file nothing is read or written",
    .denied_with = {EROFS, EACCES, EPERM},
    .absent_with = {ENOENT, ENOTDIR},
};

probe::Outcome attempt(probe::Args args) {
  probe::Deed deed;
  const auto place = probe::Place::from(args, 1);
  if (!probe::parse_deed(args[0], deed) || place.path == nullptr) return probe::usage();
  return probe::judge(card, probe::do_deed_by_mounts(deed, place, args));
}
