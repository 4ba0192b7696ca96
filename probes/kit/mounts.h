// The mounts that this process sees, and what lies on one of them, whatever is mounted over it.

#pragma once

#include <stdint.h>

#include "kit/args.h"
#include "kit/sys.h"

namespace probe {

// Where something is: a file system by its number in the kernel, MAJOR << 20 | MINOR of the third
// field of /proc/self/mountinfo, and the path from that file system's own root, without symbolic
// links. The same in every mount namespace.
struct Place {
  uint64_t file_system = 0;
  const char* path = nullptr;

  // From two arguments: FILESYSTEM PATH; no path where they make no sense.
  static Place from(Args args, size_t index);
};

// A line of /proc/self/mountinfo: proc_pid_mountinfo(5). Its texts are good until the next one.
struct Mount {
  uint64_t id = 0;
  uint64_t file_system = 0;
  const char* root = nullptr;   // of the file system, what is mounted
  const char* point = nullptr;  // where
  const char* type = nullptr;
  const char* source = nullptr;

  // The path from the mount point to the place, "." for the mount point; nullptr where the mount
  // does not show it.
  const char* path_to(const Place& place) const;
  // A descriptor (O_PATH) of the mount point, or a negative errno: -ENOENT where something else is
  // mounted over it.
  long open() const;
};

class Mounts {
 public:
  // A negative errno, or 0.
  long read();
  // The next mount, or nullptr after the last.
  const Mount* next();

 private:
  char* next_line();

  int fd_ = -1;
  size_t begin_ = 0;
  size_t end_ = 0;
  Mount mount_;
  // A longer line is left out: an overlay of very many layers.
  char text_[16384];
};

// The number of the mount that the descriptor is on, or a negative errno.
long mount_of(int fd);

// A descriptor (O_PATH) of what is at `path` on the very mount that `root` is the root of, or a
// negative errno: -EXDEV where another mount covers it.
long open_on_mount(int root, const char* path);

// Into a mount namespace of its own, in which what is changed reaches nobody; 0 or a negative
// errno.
long enter_mount_namespace();

// What is done to an object once it is reached.
enum class Deed { reach, change };

// From an argument, "reach" or "change"; false where it is neither.
bool parse_deed(const char* text, Deed& deed);

// Opens the object that is behind a descriptor (O_PATH) for reading; or, to change it, makes a
// directory in it and takes that away again, and opens a file for writing. Sockets, FIFOs and
// devices are not opened, for that alone may do something: the kernel is asked whether it would.
// 0 or a negative errno.
long do_deed(Deed deed, int object, Args args);

// The same at a place, by whichever mount that this process sees. -ENOENT where none shows it.
long do_deed_by_mounts(Deed deed, const Place& place, Args args);

}  // namespace probe
