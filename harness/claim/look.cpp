#include "claim/look.h"

#include <dirent.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "base/fd.h"
#include "base/names.h"
#include "base/text.h"
#include "claim/words.h"

namespace sandproof::claim {

namespace {

// As the root's own processes would follow it, never out into this machine.
Fd resolve(const RootedFs& files, const std::string& path, int flags) {
  const Fd root(open(files.name().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_IN_ROOT;
  return Fd(static_cast<int>(syscall(SYS_openat2, root.get(), path.c_str(), &how, sizeof(how))));
}

std::optional<struct stat> facts_of(const RootedFs& files, const std::string& path) {
  const Fd file = resolve(files, path, O_PATH | O_NOFOLLOW);
  struct stat facts {};
  if (!file || fstat(file.get(), &facts) < 0) return std::nullopt;
  return facts;
}

std::string first_symlink(const RootedFs& files, const std::string& path) {
  std::string so_far;
  for (const auto& part : split(path, '/')) {
    if (part.empty()) continue;
    so_far += "/" + part;
    const auto facts = facts_of(files, so_far);
    if (facts && S_ISLNK(facts->st_mode)) return so_far;
  }
  return {};
}

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};

std::vector<std::string> names_in(const RootedFs& files, const std::string& folder) {
  std::vector<std::string> names;
  Fd fd = resolve(files, folder.empty() ? "/" : folder, O_RDONLY | O_DIRECTORY);
  if (!fd) return names;
  const std::unique_ptr<DIR, CloseFolder> stream(fdopendir(fd.release()));
  if (!stream) return names;
  while (const dirent* entry = readdir(stream.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

std::optional<FileFacts> look_at(const RootedFs& files, const std::string& path) {
  const auto facts = facts_of(files, path);
  if (!facts) return std::nullopt;
  return FileFacts{path,
                   account_name(files, "passwd", facts->st_uid) + ":" +
                       account_name(files, "group", facts->st_gid),
                   facts->st_mode & 07777U, S_ISLNK(facts->st_mode), first_symlink(files, path)};
}

std::vector<std::string> matching(const RootedFs& files, const std::string& pattern) {
  std::vector<std::string> found = {""};
  for (const auto& part : split(pattern, '/')) {
    if (part.empty()) continue;
    std::vector<std::string> next;
    for (const auto& folder : found) {
      if (part.find_first_of("*?[") == std::string::npos) {
        if (facts_of(files, folder + "/" + part)) next.push_back(folder + "/" + part);
        continue;
      }
      for (const auto& name : names_in(files, folder)) {
        if (fnmatch(part.c_str(), name.c_str(), FNM_PERIOD) == 0) {
          next.push_back(folder + "/" + name);
        }
      }
    }
    found = std::move(next);
  }
  return found;
}

std::string account_name(const RootedFs& files, const std::string& database, unsigned id) {
  const auto text = files.read("/etc/" + database);
  if (text) {
    for (const auto& line : split(*text, '\n')) {
      const auto fields = split(line, ':');
      if (fields.size() > 2 && fields[2] == std::to_string(id)) return fields[0];
    }
  }
  return std::to_string(id);
}

namespace {

std::optional<unsigned> account_id(const RootedFs& files, const std::string& database,
                                   const std::string& name) {
  const auto text = files.read("/etc/" + database);
  if (!text) return std::nullopt;
  for (const auto& line : split(*text, '\n')) {
    const auto fields = split(line, ':');
    if (fields.size() < 3 || fields[0] != name) continue;
    if (const auto id = parse_integer(fields[2])) return static_cast<unsigned>(*id);
  }
  return std::nullopt;
}

}  // namespace

Result<void> give(const RootedFs& files, const std::string& path, const std::string& owner,
                  unsigned mode) {
  auto names = split(owner, ':');
  names.resize(2, names[0]);
  const auto user = account_id(files, "passwd", names[0]);
  const auto group = account_id(files, "group", names[1]);
  if (!user || !group) return bad_input("there is no account " + owner + " for " + path);
  const Fd file = resolve(files, path, O_PATH);
  // A descriptor of O_PATH cannot be changed itself, its name in /proc can.
  const std::string name = "/proc/self/fd/" + std::to_string(file.get());
  if (!file || fchownat(file.get(), "", *user, *group, AT_EMPTY_PATH) < 0 ||
      chmod(name.c_str(), mode) < 0) {
    return cannot_run("cannot give " + path + " to " + owner + ": " + errno_text(errno));
  }
  return {};
}

Result<void> make_symlink(const RootedFs& files, const std::string& path,
                          const std::string& target) {
  const std::filesystem::path whole(path);
  const Fd folder = resolve(files, whole.parent_path().string(), O_PATH | O_DIRECTORY);
  if (!folder || symlinkat(target.c_str(), folder.get(), whole.filename().c_str()) < 0) {
    return cannot_run("cannot make the symlink " + path + ": " + errno_text(errno));
  }
  return {};
}

}  // namespace sandproof::claim
