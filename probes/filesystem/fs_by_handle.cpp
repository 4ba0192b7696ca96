// The side door of a covered or read-only path for whoever may open by handle: the kernel finds the
// object by its number in the file system and asks no directory on the way to it. HANDLE is what
// name_to_handle_at(2) says of it outside of the sandbox, the type and the bytes; handles are
// easily guessed. Any mount of the file system will do. Asks for CAP_DAC_READ_SEARCH.

#include "kit/mounts.h"
#include "kit/probe.h"

constexpr probe::Card card{
    .id = "fs-by-handle",
    .attempts = "open_by_handle_at(mount of FILESYSTEM, HANDLE), then as fs-by-alias",
    .arguments = "reach|change FILESYSTEM TYPE HANDLE",
    .harmless_because =
        "the new directory is removed at once; of a file nothing is read or written",
    .denied_with = {EROFS, EACCES, EPERM},
    .absent_with = {ENOENT, ENOTDIR, ESTALE, EOPNOTSUPP},
};

namespace {

struct Handle {
  unsigned int size;
  int type;
  unsigned char bytes[128];
};

int value_of(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  return -1;
}

bool parse_handle(const char* digits, Handle& handle) {
  for (; *digits != '\0'; digits += 2) {
    const int high = value_of(digits[0]);
    const int low = high < 0 ? -1 : value_of(digits[1]);
    if (low < 0 || handle.size == sizeof handle.bytes) return false;
    handle.bytes[handle.size++] = static_cast<unsigned char>(high * 16 + low);
  }
  return handle.size > 0;
}

long do_deed_by_handle(probe::Deed deed, const probe::Mount& mount, Handle& handle,
                       probe::Args args) {
  const long path = mount.open();
  if (path < 0) return path;
  sys::close(static_cast<int>(path));
  const long fd = sys::open(mount.point, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return fd;
  const long object = sys::call(__NR_open_by_handle_at, static_cast<int>(fd), &handle,
                                O_PATH | O_NOFOLLOW | O_CLOEXEC);
  sys::close(static_cast<int>(fd));
  if (object < 0) return object;
  const long r = probe::do_deed(deed, static_cast<int>(object), args);
  sys::close(static_cast<int>(object));
  return r;
}

}  // namespace

probe::Outcome attempt(probe::Args args) {
  probe::Deed deed;
  const probe::Number file_system = args.number(1);
  const probe::Number type = args.number(2);
  Handle handle{};
  if (!probe::parse_deed(args[0], deed) || !file_system.valid || !type.valid ||
      !parse_handle(args[3], handle)) {
    return probe::usage();
  }
  handle.type = static_cast<int>(type.value);
  static probe::Mounts mounts;
  long r = mounts.read();
  if (r < 0) return probe::unable("mountinfo", r);
  r = -ENOENT;
  while (const probe::Mount* mount = mounts.next()) {
    if (mount->file_system != static_cast<uint64_t>(file_system.value)) continue;
    const long result = do_deed_by_handle(deed, *mount, handle, args);
    if (result >= 0) return probe::allowed();
    if (result != -ENOENT) r = result;
  }
  return probe::judge(card, r);
}
