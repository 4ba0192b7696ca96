// Whether the control group of the probe leaves more than VALUE in FILE, a limit of cgroup v2 such
// as memory.max: what the kernel holds the group to is what it says there. To go over it in earnest
// would be to have the group slowed down or killed. Of a file with two numbers, cpu.max, it is what
// a second has of the first in microseconds. A group without the controller has no such file, and
// no limit.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "escape-group-limit",
    .attempts = "read FILE of the own control group: \"max\", or a number over VALUE",
    .arguments = "FILE VALUE",
    .harmless_because = "nothing is changed",
    .denied_with = {EDQUOT},
};

namespace {

constexpr const char* tree = "/sys/fs/cgroup";

// Reads it into `text` with a NUL behind it; a negative errno.
template <size_t size>
long read_file(const char* path, char (&text)[size]) {
  const long fd = sys::open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return fd;
  const long r = sys::read(static_cast<int>(fd), text, size - 1);
  if (r >= 0) text[r] = '\0';
  sys::close(static_cast<int>(fd));
  return r;
}

// What follows "0::" on a line of its own in /proc/self/cgroup, ended in place.
char* group_in(char* text) {
  for (char* line = text; *line != '\0';) {
    char* end = line;
    while (*end != '\0' && *end != '\n') ++end;
    const bool is_last = *end == '\0';
    *end = '\0';
    if (probe::after_prefix(line, "0::") != nullptr) return line + 3;
    if (is_last) break;
    line = end + 1;
  }
  return nullptr;
}

// The number at `text`, which is moved behind it.
unsigned long number_at(const char*& text) {
  unsigned long number = 0;
  for (; *text >= '0' && *text <= '9'; ++text) {
    number = number * 10 + static_cast<unsigned long>(*text - '0');
  }
  if (*text == ' ') ++text;
  return number;
}

}  // namespace

probe::Outcome attempt(probe::Args args) {
  const probe::Number most = args.number(1);
  if (!most.valid || most.value < 0) return probe::usage();
  char text[4096];
  long r = read_file("/proc/self/cgroup", text);
  if (r < 0) return probe::unable("/proc/self/cgroup", r);
  const char* group = group_in(text);
  if (group == nullptr) return probe::unable("no control group of version 2");

  probe::Text path;
  path.add(tree).add(group).add("/cgroup.procs");
  r = sys::faccessat(AT_FDCWD, path.c_str(), 0);
  if (r < 0) return probe::unable("cgroup.procs", r);
  path = {};
  path.add(tree).add(group).add('/').add(args[0]);
  char limit[64];
  r = read_file(path.c_str(), limit);
  if (r == -ENOENT) return probe::allowed();
  if (r < 0) return probe::judge(card, r);
  if (probe::after_prefix(limit, "max") != nullptr) return probe::allowed();
  const char* rest = limit;
  unsigned long number = number_at(rest);
  const unsigned long period = number_at(rest);
  if (period != 0) number = number * 1'000'000 / period;
  return number > static_cast<unsigned long>(most.value) ? probe::allowed() : probe::denied(EDQUOT);
}
