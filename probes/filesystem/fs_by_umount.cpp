// The side door of whatever is mounted over a path, for whoever may mount: in a mount namespace of
// its own, private before anything is changed in it, the probe takes away every mount on the way to
// where the object was, until some mount shows it. Asks for CAP_SYS_ADMIN. Where the namespace
// alone is refused (RestrictNamespaces=), the door is open all the same, and is seen to be without
// going through it: of a mount that is busy, umount2(MNT_EXPIRE) says EBUSY to whoever may take it
// away, and EPERM to others.

#include <linux/limits.h>

#include "kit/mounts.h"
#include "kit/probe.h"

constexpr probe::Card card{
    .id = "fs-by-umount",
    .attempts =
        "unshare(CLONE_NEWNS), umount(COVERED and above), then as fs-by-alias; without a "
        "namespace, umount2(COVERED or above, MNT_EXPIRE) of what is busy",
    .arguments = "reach FILESYSTEM PATH COVERED",
    .harmless_because =
        "the mount namespace is the probe's own and ends with it; without one, the "
        "mount is held, and stays",
    .denied_with = {EACCES, EPERM},
    .absent_with = {ENOENT, ENOTDIR},
    .allowed_with = {EBUSY},
};

namespace {

// A path, and then the folders above it, up to the one below "/".
class Ascent {
 public:
  explicit Ascent(const char* path) {
    while (path[length_] != '\0' && length_ < sizeof folder_ - 1) {
      folder_[length_] = path[length_];
      ++length_;
    }
  }
  bool is_done() const { return length_ <= 1; }
  const char* folder() const { return folder_; }
  void go_up() {
    while (length_ > 1 && folder_[length_ - 1] != '/') --length_;
    while (length_ > 1 && folder_[length_ - 1] == '/') --length_;
    folder_[length_] = '\0';
  }

 private:
  char folder_[PATH_MAX] = {};
  size_t length_ = 0;
};

// Takes away what is mounted on the way until there is something to be reached.
long uncover(const char* path, probe::Deed deed, const probe::Place& place, probe::Args args) {
  long r = -ENOENT;
  for (Ascent way(path); !way.is_done(); way.go_up()) {
    // A folder may be covered more than once; EINVAL says that it is not any more.
    constexpr int most = 8;
    for (int i = 0; i < most && sys::umount2(way.folder(), MNT_DETACH) >= 0; ++i) {
      r = probe::do_deed_by_mounts(deed, place, args);
      if (r >= 0) return r;
    }
  }
  return r;
}

// EBUSY where the mount at this folder could be taken away; EINVAL where nothing is mounted, and to
// whoever may of "/", which never expires: umount(2).
long ask_to_umount(const char* folder) {
  // While a descriptor is held the mount is busy, and neither marked nor taken away.
  const long held = sys::open(folder, O_PATH | O_CLOEXEC);
  if (held < 0) return held;
  const long r = sys::umount2(folder, MNT_EXPIRE);
  sys::close(static_cast<int>(held));
  return r;
}

// Whether the nearest mount on the way could be taken away. A folder that is not there, or not to
// be entered, is hidden by a mount further up.
long ask_to_uncover(const char* path) {
  long hidden = -ENOENT;
  for (Ascent way(path); !way.is_done(); way.go_up()) {
    const long r = ask_to_umount(way.folder());
    if (r == -ENOENT || r == -ENOTDIR || r == -EACCES) {
      hidden = r;
    } else if (r != -EINVAL) {
      return r;
    }
  }
  // Nothing is mounted there, so nothing can be taken away.
  return hidden;
}

}  // namespace

probe::Outcome attempt(probe::Args args) {
  probe::Deed deed;
  const auto place = probe::Place::from(args, 1);
  if (!probe::parse_deed(args[0], deed) || place.path == nullptr) return probe::usage();
  const bool is_covered = probe::do_deed_by_mounts(deed, place, args) < 0;
  const bool has_namespace = probe::enter_mount_namespace() >= 0;
  if (is_covered) {
    return probe::judge(
        card, has_namespace ? uncover(args[3], deed, place, args) : ask_to_uncover(args[3]));
  }
  // What anybody reaches as it is, is another door; this one is open to whoever may umount.
  const long r = has_namespace ? 0 : ask_to_umount("/");
  return r == -EINVAL ? probe::allowed() : probe::judge(card, r);
}
