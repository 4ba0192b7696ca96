// Makes a character device and takes it away again, unopened. mknod(2) asks for CAP_MKNOD, then the
// control group's device policy.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "make-device",
    .attempts = "mknod(DIRECTORY/.sandproof-XXXX, S_IFCHR, MAJOR:MINOR), then unlink",
    .arguments = "DIRECTORY MAJOR MINOR",
    .harmless_because = "the device is not opened, has mode 0000 and is removed at once",
    .denied_with = {EPERM, EACCES, EROFS},
    .absent_with = {ENOENT, ENOTDIR},
};

probe::Outcome attempt(probe::Args args) {
  const probe::Number major = args.number(1);
  const probe::Number minor = args.number(2);
  if (!major.valid || !minor.valid) return probe::usage();
  // As mknod(2) takes it: the low 8 bits of the minor, 12 of the major, the rest of the minor.
  const auto low = static_cast<unsigned long>(minor.value);
  const unsigned long device =
      (low & 0xff) | static_cast<unsigned long>(major.value) << 8 | (low & ~0xfful) << 12;
  probe::Text path;
  path.add(args[0]).add("/.sandproof-").add(args.token().text);
  const long r = sys::mknodat(AT_FDCWD, path.c_str(), S_IFCHR, device);
  if (r >= 0) sys::unlinkat(AT_FDCWD, path.c_str(), 0);
  return probe::judge(card, r);
}
