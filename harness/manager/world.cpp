#include "manager/world.h"

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string_view>
#include <vector>

#include "base/names.h"
#include "manager/mounts.h"

namespace sandproof {

namespace {

// Memory for all that is written, mounted in the new mount namespace only.
constexpr const char* workshop = "/tmp";

Error world_error(const std::string& what) {
  return cannot_run("cannot " + what + ": " + errno_text(errno));
}

std::string descriptor_path(const Fd& fd) { return "/proc/self/fd/" + std::to_string(fd.get()); }

// A folder of a real file system below the root, with a file system mounted on it.
struct Layer {
  std::string path;  // from the root: "/", "/home"
  Fd source;
  // Where a layer before it shows the same folder; "" where none does.
  std::string twin = {};
};

// What is mounted afresh, and what has nothing to copy.
bool is_for_copying(const Mount& mount, const std::string& path) {
  static constexpr std::string_view fresh[] = {"/proc", "/sys", "/dev", "/run", "/tmp"};
  for (const auto& prefix : fresh) {
    if (path == prefix || path.starts_with(std::string(prefix) + "/")) return false;
  }
  static constexpr std::string_view unfit[] = {"proc",   "sysfs",   "devtmpfs", "devpts",
                                               "cgroup", "cgroup2", "autofs",   "nsfs"};
  return std::find(std::begin(unfit), std::end(unfit), mount.type) == std::end(unfit);
}

bool is_same_object(const std::string& path, const std::string& other) {
  struct stat one {};
  struct stat two {};
  return stat(path.c_str(), &one) == 0 && stat(other.c_str(), &two) == 0 &&
         one.st_dev == two.st_dev && one.st_ino == two.st_ino;
}

// What follows `folder` in a path that is at or below it; nothing of any other.
std::optional<std::string> path_below(const std::string& path, const std::string& folder) {
  if (folder == "/") return path;
  if (!path.starts_with(folder)) return std::nullopt;
  std::string rest = path.substr(folder.size());
  if (!rest.empty() && rest.front() != '/') return std::nullopt;
  return rest;
}

// The path by which a mount that is there before shows the same folder: /var/home, where that is
// bind-mounted to /home; "" where none does.
std::string other_path_of(const Mount& mount, const std::vector<Mount>& before) {
  for (const auto& earlier : before) {
    if (earlier.file_system != mount.file_system) continue;
    const auto below = path_below(mount.root, earlier.root);
    if (!below) continue;
    const std::string path = earlier.path == "/" ? *below : earlier.path + *below;
    if (is_same_object(path, mount.path)) return path;
  }
  return {};
}

std::vector<Layer> layers_of(const std::string& root) {
  std::vector<Layer> layers;
  layers.push_back({"/", Fd(open(root.c_str(), O_PATH | O_CLOEXEC))});
  const std::string prefix = root == "/" ? "" : root;
  std::vector<Mount> before;
  for (auto& mount : mounts_of_this_process()) {
    if (mount.path == root) before.push_back(mount);
    if (mount.path == root || !mount.path.starts_with(prefix + "/")) continue;
    const std::string path = mount.path.substr(prefix.size());
    if (!is_for_copying(mount, path)) continue;
    const std::string other = other_path_of(mount, before);
    layers.push_back({path, Fd(open(mount.path.c_str(), O_PATH | O_CLOEXEC)),
                      other.empty() ? other : other.substr(prefix.size())});
    before.push_back(std::move(mount));
  }
  return layers;
}

// So that what is one folder on the machine is one in the throwaway.
bool mount_twin(const Layer& layer, const std::string& world, const std::string& target) {
  return !layer.twin.empty() &&
         mount((world + layer.twin).c_str(), target.c_str(), nullptr, MS_BIND, nullptr) == 0;
}

bool mount_copy(const Layer& layer, const std::string& target, std::size_t number) {
  const std::string upper = std::string(workshop) + "/upper-" + std::to_string(number);
  const std::string work = std::string(workshop) + "/work-" + std::to_string(number);
  if (mkdir(upper.c_str(), 0755) < 0 || mkdir(work.c_str(), 0755) < 0) return false;
  // The mode and owner of an overlay's root are those of its upper layer.
  struct stat facts {};
  if (fstat(layer.source.get(), &facts) < 0 || chmod(upper.c_str(), facts.st_mode & 07777) < 0 ||
      chown(upper.c_str(), facts.st_uid, facts.st_gid) < 0) {
    return false;
  }
  const std::string options =
      "lowerdir=" + descriptor_path(layer.source) + ",upperdir=" + upper + ",workdir=" + work;
  return mount("overlay", target.c_str(), "overlay", 0, options.c_str()) == 0;
}

// Where a file system cannot be a lower layer (or is a single file), it can be seen, not written.
bool mount_read_only(const Layer& layer, const std::string& target) {
  return mount(descriptor_path(layer.source).c_str(), target.c_str(), nullptr, MS_BIND, nullptr) ==
             0 &&
         mount(nullptr, target.c_str(), nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr) == 0;
}

Result<void> copy_root(const std::string& root, const std::string& world) {
  const auto layers = layers_of(root);
  if (!layers.front().source) return world_error("open the root " + root);
  if (mount("tmpfs", workshop, "tmpfs", 0, "mode=0755") < 0) return world_error("mount a tmpfs");
  if (mkdir(world.c_str(), 0755) < 0) return world_error("make a folder");
  if (!mount_copy(layers.front(), world, 0)) return world_error("mount an overlay of " + root);
  for (std::size_t i = 1; i < layers.size(); ++i) {
    const auto& layer = layers[i];
    const std::string target = world + layer.path;
    // A mount that hides below another, or that has gone, has no target: nothing sees it there.
    if (!layer.source || access(target.c_str(), F_OK) < 0) continue;
    if (mount_twin(layer, world, target)) continue;
    if (!mount_copy(layer, target, i) && !mount_read_only(layer, target)) {
      return world_error("copy what is mounted on " + layer.path);
    }
  }
  return {};
}

struct FreshMount {
  const char* type;
  const char* path;
  unsigned long flags;
  const char* options;
  bool is_needed;
};

Result<void> mount_fresh(const std::string& world) {
  static constexpr FreshMount mounts[] = {
      {"proc", "/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr, true},
      {"sysfs", "/sys", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr, true},
      {"cgroup2", "/sys/fs/cgroup", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr, true},
      {"securityfs", "/sys/kernel/security", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr, false},
      {"debugfs", "/sys/kernel/debug", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr, false},
      {"tracefs", "/sys/kernel/tracing", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr, false},
      {"bpf", "/sys/fs/bpf", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0700", false},
      {"tmpfs", "/run", MS_NOSUID | MS_NODEV, "mode=0755", true},
      {"tmpfs", "/tmp", MS_NOSUID | MS_NODEV, "mode=1777", true},
      {"tmpfs", "/dev", MS_NOSUID | MS_NOEXEC, "mode=0755", true},
  };
  for (const auto& fresh : mounts) {
    const std::string target = world + fresh.path;
    if (mount(fresh.type, target.c_str(), fresh.type, fresh.flags, fresh.options) < 0 &&
        fresh.is_needed) {
      return world_error(std::string("mount ") + fresh.type + " on " + fresh.path);
    }
  }
  return {};
}

// The character devices of this machine, by numbers and modes. Block devices stay away: what runs
// in the throwaway must not reach the disks.
void copy_devices(const std::string& from, const std::string& to) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(from, error)) {
    const std::string name = entry.path().filename().string();
    const std::string target = to + "/" + name;
    struct stat facts {};
    if (lstat(entry.path().c_str(), &facts) < 0) continue;
    if (S_ISLNK(facts.st_mode)) {
      std::filesystem::copy_symlink(entry.path(), target, error);
    } else if (S_ISDIR(facts.st_mode)) {
      static constexpr std::string_view fresh[] = {"pts", "shm", "mqueue", "hugepages"};
      if (std::find(std::begin(fresh), std::end(fresh), name) != std::end(fresh)) continue;
      if (mkdir(target.c_str(), facts.st_mode & 07777) == 0) copy_devices(entry.path(), target);
    } else if (S_ISCHR(facts.st_mode)) {
      // The console is a sink: PID 1 writes to it.
      const dev_t device = name == "console" ? makedev(1, 3) : facts.st_rdev;
      if (mknod(target.c_str(), facts.st_mode, device) == 0) {
        chmod(target.c_str(), facts.st_mode & 07777);
        if (lchown(target.c_str(), facts.st_uid, facts.st_gid) < 0) continue;
      }
    }
  }
}

Result<void> make_devices(const std::string& world) {
  const std::string dev = world + "/dev";
  copy_devices("/dev", dev);
  for (const char* folder : {"/pts", "/shm", "/mqueue"}) {
    if (mkdir((dev + folder).c_str(), 0755) < 0) return world_error("make a folder in /dev");
  }
  unlink((dev + "/ptmx").c_str());
  if (mount("devpts", (dev + "/pts").c_str(), "devpts", MS_NOSUID | MS_NOEXEC,
            "newinstance,ptmxmode=0666,mode=0620,gid=5") < 0 ||
      symlink("pts/ptmx", (dev + "/ptmx").c_str()) < 0 ||
      mount("tmpfs", (dev + "/shm").c_str(), "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777") < 0) {
    return world_error("mount what belongs into /dev");
  }
  // Not every kernel has POSIX message queues.
  mount("mqueue", (dev + "/mqueue").c_str(), "mqueue", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr);
  return {};
}

bool write_file(const std::string& path, std::string_view content) {
  std::ofstream file(path, std::ios::binary);
  file << content;
  return file.good();
}

// systemd's own generators plan the boot of a machine, by its /etc/fstab and its kernel's command
// line; here they would only take their time, which is most of a boot's. The one for init scripts
// stays, since its units can be asked for, and others' do. A link to /dev/null is how
// systemd.generator(7) has it.
void mask_generators(const std::string& world) {
  const std::string masks = world + "/run/systemd/system-generators/";
  std::error_code error;
  std::filesystem::create_directories(masks, error);
  for (const char* folder :
       {"/usr/lib/systemd/system-generators", "/lib/systemd/system-generators"}) {
    for (const auto& entry : std::filesystem::directory_iterator(world + folder, error)) {
      const std::string name = entry.path().filename().string();
      if (name.starts_with("systemd-") && name != "systemd-sysv-generator") {
        std::filesystem::create_symlink("/dev/null", masks + name, error);
      }
    }
  }
}

// A boot that brings up nothing but the journal, and D-Bus when somebody calls. Every unit with
// PrivateTmp= is ordered after systemd-tmpfiles-setup.service, which is ordered with a hundred
// more: they are loaded once with the target, which stays, and not with every clone.
Result<void> write_boot_target(const std::string& world) {
  const std::string units = world + "/run/systemd/system";
  std::error_code error;
  // Units depend on these two; what they pull in is not for a throwaway.
  static constexpr std::string_view targets[] = {"sysinit", "basic",    "sockets", "timers",
                                                 "paths",   "local-fs", "slices",  "swap"};
  for (const auto& target : targets) {
    for (const char* folder : {"/usr/lib/systemd/system/", "/lib/systemd/system/",
                               "/etc/systemd/system/", "/usr/local/lib/systemd/system/"}) {
      for (const char* suffix : {".target.wants", ".target.requires"}) {
        std::filesystem::remove_all(world + folder + std::string(target) + suffix, error);
      }
    }
  }
  for (const char* folder : {"/dbus.socket.d", "/dbus.service.d", "/systemd-journald.service.d"}) {
    std::filesystem::create_directories(units + folder, error);
  }
  std::filesystem::create_directories(world + "/run/systemd/journald.conf.d", error);
  const bool is_written =
      write_file(units + "/" + boot_target,
                 "[Unit]\nDescription=A throwaway systemd\nDefaultDependencies=no\n"
                 "Requires=sysinit.target basic.target\nWants=systemd-journald.service "
                 "dbus.socket\nAfter=basic.target systemd-journald.service dbus.socket "
                 "systemd-tmpfiles-setup.service\n") &&
      write_file(units + "/dbus.socket.d/sandproof.conf", "[Unit]\nDefaultDependencies=no\n") &&
      write_file(units + "/dbus.service.d/sandproof.conf", "[Unit]\nDefaultDependencies=no\n") &&
      // The journal is this run's only: nothing of the kernel's log, and no switch of its auditing.
      write_file(world + "/run/systemd/journald.conf.d/sandproof.conf",
                 "[Journal]\nStorage=volatile\nReadKMsg=no\nAudit=no\nRateLimitBurst=0\n");
  return is_written ? Result<void>() : world_error("write the boot target");
}

void bring_up_loopback() {
  const Fd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  request.ifr_name[0] = 'l';
  request.ifr_name[1] = 'o';
  if (!socket || ioctl(socket.get(), SIOCGIFFLAGS, &request) < 0) return;
  request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP);
  ioctl(socket.get(), SIOCSIFFLAGS, &request);
}

// To the root of the mount namespace, which a process in a chroot(2) does not see as its own.
bool leave_chroot() {
  const Fd mounts(open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC));
  return mounts && setns(mounts.get(), CLONE_NEWNS) == 0;
}

// All of them, and not just what is below a chroot's root, which may be no mount of its own: what
// is mounted on a shared mount is mounted on the machine's, too.
bool make_mounts_private() {
  const Fd own_root(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
  return own_root && leave_chroot() &&
         mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         fchdir(own_root.get()) == 0 && chroot(".") == 0;
}

// The old root goes under the new one and is let go of there: pivot_root(2), NOTES. A chroot's
// would leave the namespace's above it, and setns(2) would lead there.
bool make_it_the_root(const std::string& world) {
  const Fd folder(open(world.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  return folder && leave_chroot() && fchdir(folder.get()) == 0 &&
         syscall(SYS_pivot_root, ".", ".") == 0 && umount2(".", MNT_DETACH) == 0 && chdir("/") == 0;
}

}  // namespace

Result<void> make_world(const std::string& root) {
  umask(0);
  if (!make_mounts_private()) return world_error("make the mounts private");
  const std::string world = std::string(workshop) + "/world";
  if (auto done = copy_root(root, world); !done) return done;
  if (auto done = mount_fresh(world); !done) return done;
  if (auto done = make_devices(world); !done) return done;
  mask_generators(world);
  if (auto done = write_boot_target(world); !done) return done;
  bring_up_loopback();
  if (!make_it_the_root(world)) return world_error("change into the throwaway's root");
  // As a booted machine has it: PID 1 leaves this to the manager of a container.
  if (mount(nullptr, "/", nullptr, MS_REC | MS_SHARED, nullptr) < 0) {
    return world_error("share the throwaway's mounts");
  }
  umask(022);
  return {};
}

}  // namespace sandproof
