// What is mounted where, from /proc/self/mountinfo: proc_pid_mountinfo(5).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sandproof {

struct Mount {
  std::uint64_t id = 0;  // as statx(2) has it
  // The kernel's number of the file system, MAJOR << 20 | MINOR: the same in every namespace.
  std::uint64_t file_system = 0;
  std::string root;  // what of the file system is mounted
  std::string path;  // the mount point
  std::string type;  // "ext4"
};

std::vector<Mount> mounts_of_this_process();
// The lines of a mountinfo file; one that cannot be read is left out.
std::vector<Mount> parse_mountinfo(const std::string& text);

}  // namespace sandproof
