// Reads the first byte of a file, or the first names in a directory. Opening alone would prove
// nothing: what systemd puts in the place of an inaccessible path is empty and has mode 0000, and
// root opens that. So an object with nothing in it is `absent ENODATA`, and so is a FIFO that not
// even its owner may open; whether the real one has something in it, the bare cells show.
// Devices and FIFOs are opened and not read, for what is read from them is gone.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "fs-read",
    .attempts = "open(PATH, O_RDONLY), then read a byte of a file or a name in a directory",
    .arguments = "PATH",
    .harmless_because = "a byte is read and forgotten",
    .denied_with = {EACCES, EPERM},
    .absent_with = {ENOENT, ENOTDIR, ENODATA, ENXIO},
};

namespace {

// struct linux_dirent64 of getdents(2), with the longest name that there is.
struct Entry {
  uint64_t inode;
  int64_t next;
  uint16_t size;
  uint8_t type;
  char name[256];
};

// -ENODATA where there is nothing but "." and "..".
long list_directory(int fd) {
  constexpr size_t size_at = offsetof(Entry, size);
  constexpr size_t name_at = offsetof(Entry, name);
  char entries[sizeof(Entry)];
  for (;;) {
    const long r = sys::getdents64(fd, entries, sizeof entries);
    if (r < 0) return r;
    if (r == 0) return -ENODATA;
    for (long at = 0; at < r;) {
      const char* name = entries + at + name_at;
      if (!probe::equal(name, ".") && !probe::equal(name, "..")) return 0;
      uint16_t size = 0;
      __builtin_memcpy(&size, entries + at + size_at, sizeof size);
      at += size;
    }
  }
}

long look_inside(int fd) {
  struct stat status;
  long r = sys::fstat(fd, &status);
  if (r < 0) return r;
  switch (status.st_mode & S_IFMT) {
    case S_IFDIR:
      return list_directory(fd);
    case S_IFREG: {
      char byte;
      r = sys::pread64(fd, &byte, 1, 0);
      return r == 0 ? -ENODATA : r;
    }
    case S_IFIFO:
      return (status.st_mode & 07777) == 0 ? -ENODATA : 0;
    default:
      return 0;
  }
}

}  // namespace

probe::Outcome attempt(probe::Args args) {
  // O_NONBLOCK: a FIFO without a writer would keep the probe waiting.
  const long fd = sys::open(args[0], O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd < 0) return probe::judge(card, fd);
  return probe::judge(card, look_inside(static_cast<int>(fd)));
}
