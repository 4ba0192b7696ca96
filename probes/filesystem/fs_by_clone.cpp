// The side door of a read-only or covered path for whoever may mount: a detached copy of a mount of
// the same file system, without what is mounted on it and made writable, which comes to the same as
// a bind mount of it elsewhere, by open_tree(2) and move_mount(2) or by mount(2). It is attached
// nowhere, so nobody else sees it, and it is gone when the probe exits. Asks for CAP_SYS_ADMIN.

#include <linux/mount.h>

#include "kit/mounts.h"
#include "kit/probe.h"

constexpr probe::Card card{
    .id = "fs-by-clone",
    .attempts =
        "open_tree(mount of FILESYSTEM, OPEN_TREE_CLONE), mount_setattr(-ro), then as "
        "fs-by-alias",
    .arguments = "reach|change FILESYSTEM PATH",
    .harmless_because =
        "the copy is attached nowhere; the new directory is removed, of a file nothing is written",
    .denied_with = {EROFS, EACCES, EPERM},
    // A copy of a mount on which others are locked is invalid: mount_namespaces(7).
    .absent_with = {ENOENT, ENOTDIR, EINVAL},
};

namespace {

long do_deed_by_clone(probe::Deed deed, const probe::Mount& mount, const char* path,
                      probe::Args args) {
  const long root = mount.open();
  if (root < 0) return root;
  const long copy = sys::call(__NR_open_tree, static_cast<int>(root), "",
                              AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
  if (copy < 0) return copy;
  const auto fd = static_cast<int>(copy);
  if (deed == probe::Deed::change) {
    mount_attr attributes{};
    attributes.attr_clr = MOUNT_ATTR_RDONLY;
    const long r =
        sys::call(__NR_mount_setattr, fd, "", AT_EMPTY_PATH, &attributes, sizeof attributes);
    if (r < 0) return r;
  }
  const long object = probe::open_on_mount(fd, path);
  if (object < 0) return object;
  return probe::do_deed(deed, static_cast<int>(object), args);
}

}  // namespace

probe::Outcome attempt(probe::Args args) {
  probe::Deed deed;
  const auto place = probe::Place::from(args, 1);
  if (!probe::parse_deed(args[0], deed) || place.path == nullptr) return probe::usage();
  static probe::Mounts mounts;
  long r = mounts.read();
  if (r < 0) return probe::unable("mountinfo", r);
  r = -ENOENT;
  while (const probe::Mount* mount = mounts.next()) {
    const char* path = mount->path_to(place);
    if (path == nullptr) continue;
    const long result = do_deed_by_clone(deed, *mount, path, args);
    if (result >= 0) return probe::allowed();
    if (result != -ENOENT) r = result;
  }
  return probe::judge(card, r);
}
