// Reads the first byte of a credential of the unit, below $CREDENTIALS_DIRECTORY. Those that come
// from a folder are called ID_NAME; of these any will do.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "read-credential",
    .attempts = "open($CREDENTIALS_DIRECTORY/ID, O_RDONLY), or …/ID_NAME, then read a byte",
    .arguments = "ID",
    .harmless_because = "a byte is read and forgotten",
    .denied_with = {EACCES, EPERM},
    .absent_with = {ENOENT, ENOTDIR, ENODATA},
};

namespace {

// struct linux_dirent64 of getdents(2).
constexpr size_t size_at = 16;
constexpr size_t name_at = 19;

long read_byte(int directory, const char* name) {
  const long fd = sys::openat(directory, name, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return fd;
  char byte;
  const long r = sys::read(static_cast<int>(fd), &byte, 1);
  return r == 0 ? -ENODATA : r;
}

long read_any_of(int directory, const char* folder) {
  alignas(8) char entries[4096];
  for (;;) {
    const long r = sys::getdents64(directory, entries, sizeof entries);
    if (r < 0) return r;
    if (r == 0) return -ENOENT;
    for (long at = 0; at < r;) {
      const char* name = entries + at + name_at;
      const char* rest = probe::after_prefix(name, folder);
      if (rest != nullptr && *rest == '_') return read_byte(directory, name);
      uint16_t size = 0;
      __builtin_memcpy(&size, entries + at + size_at, sizeof size);
      at += size;
    }
  }
}

}  // namespace

probe::Outcome attempt(probe::Args args) {
  const char* path = args.environment("CREDENTIALS_DIRECTORY");
  if (path == nullptr) return probe::absent(ENOENT);
  const long directory = sys::open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return probe::judge(card, directory);
  const auto fd = static_cast<int>(directory);
  long r = read_byte(fd, args[0]);
  if (r == -ENOENT) r = read_any_of(fd, args[0]);
  return probe::judge(card, r);
}
