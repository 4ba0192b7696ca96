#include "explain/walk.h"

#include <elf.h>
#include <linux/capability.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <deque>
#include <filesystem>
#include <fstream>
#include <optional>

#include "base/text.h"

namespace sandproof::explain {

namespace {

// As path_resolution(7) has it.
constexpr int most_links = 40;
constexpr int most_interpreters = 4;

#if defined(__x86_64__)
constexpr Elf64_Half own_machine = EM_X86_64;
#elif defined(__aarch64__)
constexpr Elf64_Half own_machine = EM_AARCH64;
#else
#error "which ELF machine is this?"
#endif

constexpr std::uint64_t bit(int capability) { return std::uint64_t{1} << capability; }

bool has(const Walker& walker, int capability) {
  return (walker.capabilities & bit(capability)) != 0;
}

// The class of bits that applies: path_resolution(7), permissions.
bool may(const Walker& walker, const struct stat& facts, unsigned wanted) {
  unsigned bits = facts.st_mode & 7U;
  if (facts.st_uid == walker.user) {
    bits = facts.st_mode >> 6 & 7U;
  } else if (facts.st_gid == walker.group || walker.groups.contains(facts.st_gid)) {
    bits = facts.st_mode >> 3 & 7U;
  }
  return (bits & wanted) == wanted;
}

bool may_search(const Walker& walker, const struct stat& folder) {
  return may(walker, folder, 1) || has(walker, CAP_DAC_OVERRIDE) ||
         has(walker, CAP_DAC_READ_SEARCH);
}

bool may_execute(const Walker& walker, const struct stat& file) {
  return may(walker, file, 1) || (has(walker, CAP_DAC_OVERRIDE) && (file.st_mode & 0111) != 0);
}

struct MountLine {
  std::string root;
  std::string path;
  std::string options;
  std::string type;
};

// "\040" for a space: proc_pid_mountinfo(5).
std::string unescaped(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_octal = text[i] == '\\' && i + 3 < text.size();
    if (!is_octal) {
      result += text[i];
      continue;
    }
    result +=
        static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + text[i + 3] - '0');
    i += 3;
  }
  return result;
}

std::vector<MountLine> mounts_in(const std::string& mountinfo) {
  std::vector<MountLine> mounts;
  for (const auto& line : split(mountinfo, '\n')) {
    const auto fields = words(line);
    const auto dash = std::find(fields.begin(), fields.end(), "-");
    if (fields.size() < 7 || dash == fields.end() || dash + 1 == fields.end()) continue;
    mounts.push_back({unescaped(fields[3]), unescaped(fields[4]), fields[5], *(dash + 1)});
  }
  return mounts;
}

bool is_below(const std::string& path, const std::string& folder) {
  return folder == "/" || path == folder || path.starts_with(folder + "/");
}

// The mount that a path is on: the longest mount point, and of equal ones the last.
const MountLine* mount_of(const std::vector<MountLine>& mounts, const std::string& path) {
  const MountLine* best = nullptr;
  for (const auto& mount : mounts) {
    if (is_below(path, mount.path) && (best == nullptr || mount.path.size() >= best->path.size())) {
      best = &mount;
    }
  }
  return best;
}

// The name with this number in a file like /etc/passwd.
std::string name_of(const std::string& file, unsigned number) {
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    const auto fields = split(line, ':');
    if (fields.size() > 2 && fields[2] == std::to_string(number)) return fields[0];
  }
  return std::to_string(number);
}

class Walking {
 public:
  Walking(const Sandbox& sandbox, std::string path) : sandbox_(sandbox) {
    walk_.path = std::move(path);
  }

  // To the last component, through symlinks; the facts of what is there, or none where it ended.
  std::optional<struct stat> go() {
    struct stat facts {};
    if (!look("/", facts)) return end(PathEnd::missing, "/");
    push_front(walk_.path);
    int links = 0;
    while (!ahead_.empty()) {
      const std::string name = ahead_.front();
      ahead_.pop_front();
      if (!S_ISDIR(facts.st_mode)) return end(PathEnd::not_a_folder, here_, facts);
      if (!may_search(sandbox_.walker, facts)) {
        return end(PathEnd::not_traversable, here_, facts);
      }
      if (name == "..") {
        here_ = std::filesystem::path(here_).parent_path().string();
        if (!look(here_, facts)) return end(PathEnd::missing, here_);
        continue;
      }
      const std::string next = (here_ == "/" ? "" : here_) + "/" + name;
      if (!look(next, facts)) return end(PathEnd::missing, next);
      if (!S_ISLNK(facts.st_mode)) {
        here_ = next;
        continue;
      }
      if (++links > most_links) return end(PathEnd::too_many_links, next, facts);
      std::error_code error;
      const auto target = std::filesystem::read_symlink(sandbox_.root + next, error).string();
      if (target.starts_with('/')) here_ = "/";
      push_front(target);
      if (!look(here_, facts)) return end(PathEnd::missing, here_);
    }
    return facts;
  }

  std::optional<struct stat> end(PathEnd how, const std::string& at,
                                 const struct stat& facts = {}) {
    walk_.end = how;
    walk_.at = at;
    walk_.mode = facts.st_mode & 07777;
    walk_.owner = facts.st_uid;
    walk_.group = facts.st_gid;
    walk_.walker_name = name_of(sandbox_.root + "/etc/passwd", sandbox_.walker.user);
    walk_.owner_name = name_of(sandbox_.root + "/etc/passwd", facts.st_uid);
    walk_.group_name = name_of(sandbox_.root + "/etc/group", facts.st_gid);
    const auto mounts = mounts_in(sandbox_.mountinfo);
    // What is not there lies in the folder before it.
    const std::string where =
        how == PathEnd::missing ? std::filesystem::path(at).parent_path().string() : at;
    if (const auto* mount = mount_of(mounts, where)) {
      walk_.mount = mount->path;
      walk_.mount_type = mount->type;
      walk_.mount_root = mount->root;
      walk_.is_read_only = (mount->options + ",").starts_with("ro,");
    }
    return std::nullopt;
  }

  const std::string& here() const { return here_; }
  Walk& walk() { return walk_; }

 private:
  // The components so far are resolved, so that the kernel follows no link of theirs out of it.
  bool look(const std::string& path, struct stat& facts) const {
    return lstat((sandbox_.root + path).c_str(), &facts) == 0;
  }

  void push_front(const std::string& path) {
    const auto parts = split(path, '/');
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
      if (!part->empty() && *part != ".") ahead_.push_front(*part);
    }
  }

  const Sandbox& sandbox_;
  Walk walk_;
  std::string here_ = "/";
  std::deque<std::string> ahead_;
};

std::string machine_name(Elf64_Half machine) {
  switch (machine) {
    case EM_X86_64:
      return "x86-64";
    case EM_386:
      return "i386";
    case EM_AARCH64:
      return "aarch64";
    case EM_ARM:
      return "arm";
    case EM_RISCV:
      return "riscv";
    case EM_PPC64:
      return "ppc64";
    case EM_S390:
      return "s390x";
    default:
      return "ELF machine " + std::to_string(machine);
  }
}

bool runs_here(Elf64_Half machine) {
#ifdef __x86_64__
  if (machine == EM_386) return true;
#endif
  return machine == own_machine;
}

template <typename Header, typename Segment>
std::string loader_of(std::ifstream& file) {
  Header header{};
  file.seekg(0);
  if (!file.read(reinterpret_cast<char*>(&header), sizeof(header))) return {};
  for (unsigned i = 0; i < header.e_phnum && i < 128; ++i) {
    Segment segment{};
    file.seekg(static_cast<std::streamoff>(header.e_phoff + i * sizeof(segment)));
    if (!file.read(reinterpret_cast<char*>(&segment), sizeof(segment))) return {};
    if (segment.p_type != PT_INTERP) continue;
    std::array<char, 4096> name{};
    file.seekg(static_cast<std::streamoff>(segment.p_offset));
    const auto size = std::min<std::size_t>(segment.p_filesz, name.size() - 1);
    if (!file.read(name.data(), static_cast<std::streamsize>(size))) return {};
    return name.data();
  }
  return {};
}

// What the kernel would make of the file: execve(2).
void look_into(const std::string& path, Walk& walk) {
  std::ifstream file(path, std::ios::binary);
  std::array<char, 256> start{};
  file.read(start.data(), start.size() - 1);
  const std::string head(start.data(), static_cast<std::size_t>(file.gcount()));
  file.clear();
  if (head.starts_with("#!")) {
    const auto line = words(head.substr(2, head.find('\n') - 2));
    if (!line.empty()) walk.interpreter = line.front();
    return;
  }
  if (!head.starts_with(ELFMAG) || head.size() < sizeof(Elf32_Ehdr)) {
    walk.end = PathEnd::no_format;
    return;
  }
  Elf64_Half machine = 0;
  std::memcpy(&machine, head.data() + offsetof(Elf64_Ehdr, e_machine), sizeof(machine));
  if (!runs_here(machine)) {
    walk.end = PathEnd::wrong_machine;
    walk.machine = machine_name(machine);
    return;
  }
  walk.interpreter = head[EI_CLASS] == ELFCLASS64 ? loader_of<Elf64_Ehdr, Elf64_Phdr>(file)
                                                  : loader_of<Elf32_Ehdr, Elf32_Phdr>(file);
}

bool is_no_exec(const std::string& path) {
  struct statvfs facts {};
  return statvfs(path.c_str(), &facts) == 0 && (facts.f_flag & ST_NOEXEC) != 0;
}

Walk walk_to_file(const Sandbox& sandbox, const std::string& path) {
  Walking walking(sandbox, path);
  const auto facts = walking.go();
  if (!facts) return walking.walk();
  const std::string& here = walking.here();
  if (!S_ISREG(facts->st_mode)) {
    walking.end(PathEnd::not_a_file, here, *facts);
  } else if (!may_execute(sandbox.walker, *facts)) {
    walking.end(PathEnd::not_executable, here, *facts);
  } else if (is_no_exec(sandbox.root + here)) {
    walking.end(PathEnd::no_exec_mount, here, *facts);
  } else {
    walking.end(PathEnd::arrives, here, *facts);
    look_into(sandbox.root + here, walking.walk());
  }
  return walking.walk();
}

}  // namespace

Walker parse_walker(const std::string& status) {
  Walker walker;
  for (const auto& line : split(status, '\n')) {
    const auto fields = words(line);
    if (fields.size() < 2) continue;
    // Real, effective, saved, and the one that files are judged by: proc_pid_status(5).
    if (fields[0] == "Uid:" && fields.size() > 4) {
      walker.user = static_cast<uid_t>(std::stoul(fields[4]));
    } else if (fields[0] == "Gid:" && fields.size() > 4) {
      walker.group = static_cast<gid_t>(std::stoul(fields[4]));
    } else if (fields[0] == "Groups:") {
      for (std::size_t i = 1; i < fields.size(); ++i) {
        walker.groups.insert(static_cast<gid_t>(std::stoul(fields[i])));
      }
    } else if (fields[0] == "CapEff:") {
      walker.capabilities = std::stoull(fields[1], nullptr, 16);
    }
  }
  return walker;
}

std::vector<Walk> walk_to_program(const Sandbox& sandbox, const std::string& path) {
  std::vector<Walk> walks = {walk_to_file(sandbox, path)};
  while (walks.back().end == PathEnd::arrives && !walks.back().interpreter.empty() &&
         walks.size() <= most_interpreters) {
    walks.push_back(walk_to_file(sandbox, walks.back().interpreter));
  }
  if (walks.back().end != PathEnd::arrives) {
    for (std::size_t i = 0; i + 1 < walks.size(); ++i) walks[i].end = PathEnd::no_interpreter;
  }
  return walks;
}

Walk walk_to_folder(const Sandbox& sandbox, const std::string& path) {
  Walking walking(sandbox, path);
  if (const auto facts = walking.go()) {
    const auto end = !S_ISDIR(facts->st_mode)              ? PathEnd::not_a_folder
                     : !may_search(sandbox.walker, *facts) ? PathEnd::not_traversable
                                                           : PathEnd::arrives;
    walking.end(end, walking.here(), *facts);
  }
  return walking.walk();
}

}  // namespace sandproof::explain
