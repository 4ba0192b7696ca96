#include "kit/mounts.h"

#include <linux/stat.h>

#include "kit/text.h"

namespace probe {

namespace {

// Blanks and backslashes stand as \040 and the like.
void unescape(char* text) {
  char* out = text;
  const auto is_octal = [](char c) { return c >= '0' && c <= '7'; };
  while (*text != '\0') {
    if (*text == '\\' && is_octal(text[1]) && is_octal(text[2]) && is_octal(text[3])) {
      *out++ = static_cast<char>((text[1] - '0') * 64 + (text[2] - '0') * 8 + (text[3] - '0'));
      text += 4;
    } else {
      *out++ = *text++;
    }
  }
  *out = '\0';
}

// The word at `rest`, ended in place; `rest` is moved behind it.
char* take_word(char*& rest) {
  while (*rest == ' ') ++rest;
  char* word = rest;
  while (*rest != '\0' && *rest != ' ') ++rest;
  if (*rest == ' ') *rest++ = '\0';
  return word;
}

uint64_t take_number(const char*& text) {
  uint64_t number = 0;
  for (; *text >= '0' && *text <= '9'; ++text) {
    number = number * 10 + static_cast<uint64_t>(*text - '0');
  }
  if (*text == ':') ++text;
  return number;
}

long change_file(int object, const struct stat& status) {
  // The way to open what there is a descriptor of, but no path to.
  Text link;
  link.add("/proc/self/fd/").add_number(object);
  if (!S_ISREG(status.st_mode)) return sys::faccessat(AT_FDCWD, link.c_str(), W_OK);
  return sys::open(link.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
}

long change(int object, const struct stat& status, Args args) {
  if (!S_ISDIR(status.st_mode)) return change_file(object, status);
  Text name;
  name.add(".sandproof-").add(args.token().text);
  const long r = sys::mkdirat(object, name.c_str(), 0700);
  if (r >= 0) sys::unlinkat(object, name.c_str(), AT_REMOVEDIR);
  return r;
}

long reach(int object, const struct stat& status) {
  if (S_ISDIR(status.st_mode)) return sys::openat(object, ".", O_RDONLY | O_CLOEXEC);
  Text link;
  link.add("/proc/self/fd/").add_number(object);
  if (!S_ISREG(status.st_mode)) return sys::faccessat(AT_FDCWD, link.c_str(), R_OK);
  return sys::open(link.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

long do_deed_by_mount(Deed deed, const Mount& mount, const char* path, Args args) {
  const long root = mount.open();
  if (root < 0) return root;
  const long object = open_on_mount(static_cast<int>(root), path);
  long r = object;
  if (object >= 0) {
    r = do_deed(deed, static_cast<int>(object), args);
    sys::close(static_cast<int>(object));
  }
  sys::close(static_cast<int>(root));
  return r;
}

}  // namespace

Place Place::from(Args args, size_t index) {
  const Number number = args.number(index);
  if (!number.valid || number.value < 0 || args[index + 1][0] != '/') return {};
  return {.file_system = static_cast<uint64_t>(number.value), .path = args[index + 1]};
}

const char* Mount::path_to(const Place& place) const {
  if (file_system != place.file_system) return nullptr;
  const char* rest = equal(root, "/") ? place.path : after_prefix(place.path, root);
  if (rest == nullptr || (*rest != '/' && *rest != '\0')) return nullptr;
  while (*rest == '/') ++rest;
  return *rest == '\0' ? "." : rest;
}

long Mount::open() const {
  const long fd = sys::open(point, O_PATH | O_CLOEXEC);
  if (fd < 0) return fd;
  const long seen = mount_of(static_cast<int>(fd));
  if (seen == static_cast<long>(id)) return fd;
  sys::close(static_cast<int>(fd));
  return seen < 0 ? seen : -ENOENT;
}

long Mounts::read() {
  const long fd = sys::open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return fd;
  if (fd_ >= 0) sys::close(fd_);
  fd_ = static_cast<int>(fd);
  begin_ = end_ = 0;
  return 0;
}

char* Mounts::next_line() {
  bool is_cut = false;
  for (;;) {
    for (size_t i = begin_; i < end_; ++i) {
      if (text_[i] != '\n') continue;
      text_[i] = '\0';
      char* line = text_ + begin_;
      begin_ = i + 1;
      if (!is_cut) return line;
      is_cut = false;
    }
    if (begin_ == 0 && end_ == sizeof text_) {
      is_cut = true;
      begin_ = end_;
    }
    for (size_t i = begin_; i < end_; ++i) text_[i - begin_] = text_[i];
    end_ -= begin_;
    begin_ = 0;
    const long r = sys::read(fd_, text_ + end_, sizeof text_ - end_);
    if (r <= 0) return nullptr;
    end_ += static_cast<size_t>(r);
  }
}

// 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
const Mount* Mounts::next() {
  char* rest = next_line();
  if (rest == nullptr) return nullptr;
  const char* number = take_word(rest);
  mount_.id = take_number(number);
  take_word(rest);
  number = take_word(rest);
  const uint64_t major = take_number(number);
  mount_.file_system = major << 20 | take_number(number);
  char* root = take_word(rest);
  char* point = take_word(rest);
  unescape(root);
  unescape(point);
  while (*rest != '\0' && !equal(take_word(rest), "-")) continue;
  char* type = take_word(rest);
  char* source = take_word(rest);
  unescape(source);
  mount_.root = root;
  mount_.point = point;
  mount_.type = type;
  mount_.source = source;
  return &mount_;
}

long mount_of(int fd) {
  struct statx facts {};
  const long r = sys::call(__NR_statx, fd, "", AT_EMPTY_PATH, STATX_MNT_ID, &facts);
  if (r < 0) return r;
  return static_cast<long>(facts.stx_mnt_id);
}

long open_on_mount(int root, const char* path) {
  const long mount = mount_of(root);
  if (mount < 0) return mount;
  const long object = equal(path, ".") ? sys::fcntl(root, F_DUPFD_CLOEXEC, 0)
                                       : sys::openat(root, path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (object < 0) return object;
  const long seen = mount_of(static_cast<int>(object));
  if (seen == mount) return object;
  sys::close(static_cast<int>(object));
  return seen < 0 ? seen : -EXDEV;
}

long enter_mount_namespace() {
  const long r = sys::unshare(CLONE_NEWNS);
  if (r < 0) return r;
  // Without this, a mount that goes away here goes away where the namespace was copied from.
  return sys::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
}

bool parse_deed(const char* text, Deed& deed) {
  deed = equal(text, "reach") ? Deed::reach : Deed::change;
  return deed == Deed::reach || equal(text, "change");
}

long do_deed(Deed deed, int object, Args args) {
  struct stat status;
  const long r = sys::fstat(object, &status);
  if (r < 0) return r;
  return deed == Deed::reach ? reach(object, status) : change(object, status, args);
}

long do_deed_by_mounts(Deed deed, const Place& place, Args args) {
  static Mounts mounts;
  long result = mounts.read();
  if (result < 0) return result;
  result = -ENOENT;
  while (const Mount* mount = mounts.next()) {
    const char* path = mount->path_to(place);
    if (path == nullptr) continue;
    const long r = do_deed_by_mount(deed, *mount, path, args);
    if (r >= 0) return 0;
    // That the object was found and refused says more than that it was not.
    if (r != -ENOENT && r != -EXDEV) result = r;
  }
  return result;
}

}  // namespace probe
