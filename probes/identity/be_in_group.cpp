// Whether the probe has the group, as its own or as a supplementary one. A name is looked up in
// /etc/group, which is where the groups of system services are.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "be-in-group",
    .attempts = "getgid() or getgroups() has GROUP",
    .arguments = "GROUP",
    .harmless_because = "nothing is changed",
    .denied_with = {EPERM},
};

namespace {

// The number in a line "name:x:27:…" of this name; -ENOENT where there is none.
class GroupFile {
 public:
  long find(const char* name) {
    const long fd = sys::open("/etc/group", O_RDONLY | O_CLOEXEC);
    if (fd < 0) return fd;
    fd_ = static_cast<int>(fd);
    for (int letter = next(); letter >= 0;) {
      const char* rest = name;
      for (; *rest != '\0' && letter == *rest; letter = next()) ++rest;
      if (*rest == '\0' && letter == ':') return third_field();
      while (letter >= 0 && letter != '\n') letter = next();
      letter = next();
    }
    return -ENOENT;
  }

 private:
  int next() {
    if (at_ == size_) {
      const long r = sys::read(fd_, buffer_, sizeof buffer_);
      if (r <= 0) return -1;
      at_ = 0;
      size_ = r;
    }
    return buffer_[at_++];
  }

  long third_field() {
    int letter = next();
    while (letter >= 0 && letter != ':') letter = next();
    long number = 0;
    for (letter = next(); letter >= '0' && letter <= '9'; letter = next()) {
      number = number * 10 + (letter - '0');
    }
    return number;
  }

  int fd_ = -1;
  long at_ = 0;
  long size_ = 0;
  unsigned char buffer_[1024];
};

}  // namespace

probe::Outcome attempt(probe::Args args) {
  const probe::Number given = args.number(0);
  const long group = given.valid ? given.value : GroupFile().find(args[0]);
  if (group < 0) return probe::unable("look for the group", group);
  if (sys::call(__NR_getgid) == group) return probe::allowed();
  unsigned int groups[512];
  const long count = sys::call(__NR_getgroups, 512, groups);
  if (count < 0) return probe::judge(card, count);
  for (long i = 0; i < count; ++i) {
    if (groups[i] == group) return probe::allowed();
  }
  return probe::denied(EPERM);
}
