// Along a path component by component, as a process inside of a sandbox would go: where it ends,
// and why. Looked at from outside, through /proc/PID/root of a process that is in the sandbox.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace sandproof::explain {

// Who walks: from /proc/PID/status.
struct Walker {
  uid_t user = 0;
  gid_t group = 0;
  std::set<gid_t> groups;
  std::uint64_t capabilities = 0;  // the effective ones
};
Walker parse_walker(const std::string& status);

enum class PathEnd {
  arrives,          // and the file can be executed, where that was asked
  missing,          // nothing of that name
  not_a_folder,     // in the middle of the path
  not_traversable,  // a folder that the walker may not search
  too_many_links,
  not_a_file,      // a folder, a device: nothing that executes
  not_executable,  // no x for the walker
  no_exec_mount,   // the mount says noexec
  no_interpreter,  // the interpreter or loader that it names has an end of its own
  wrong_machine,   // an ELF file for another architecture
  no_format,       // neither ELF nor #!
};

struct Walk {
  std::string path;
  PathEnd end = PathEnd::arrives;
  // The component where it ended: "/home/runner".
  std::string at;
  unsigned mode = 0;  // of that one, where it is there
  uid_t owner = 0;
  gid_t group = 0;
  // What is mounted over the folder in which it ended, and of which type: "/home", "tmpfs".
  std::string mount;
  std::string mount_type;
  std::string mount_root;  // the part of that file system: "/systemd/inaccessible/dir"
  bool is_read_only = false;
  // What the file itself names: the interpreter of a script, the loader of an ELF file.
  std::string interpreter;
  std::string machine;  // of an ELF file for another: "aarch64"
  // By the sandbox's own /etc/passwd and /etc/group; the number where they do not know it.
  std::string walker_name;
  std::string owner_name;
  std::string group_name;
};

// `root` is /proc/PID/root; `mountinfo` the text of /proc/PID/mountinfo.
struct Sandbox {
  std::string root;
  std::string mountinfo;
  Walker walker;
};

// To a program that is to be executed; an interpreter's end is answered as its own walk after the
// first.
std::vector<Walk> walk_to_program(const Sandbox& sandbox, const std::string& path);
// To a folder that is to be entered.
Walk walk_to_folder(const Sandbox& sandbox, const std::string& path);

}  // namespace sandproof::explain
