// What is mounted where, from /proc/self/mountinfo: proc_pid_mountinfo(5).
#pragma once

#include <string>
#include <vector>

namespace sandproof {

struct Mount {
  std::string path;  // the mount point
  std::string type;  // "ext4"
};

std::vector<Mount> mounts_of_this_process();
// The lines of a mountinfo file; one that cannot be read is left out.
std::vector<Mount> parse_mountinfo(const std::string& text);

}  // namespace sandproof
