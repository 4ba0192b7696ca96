#include "base/rooted.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/names.h"
#include "base/text.h"

namespace sandproof {

namespace {

Error path_error(const std::string& what, const std::string& path) {
  return cannot_run("cannot " + what + " " + path + ": " + errno_text(errno));
}

std::string folder_of(const std::string& path) {
  return std::filesystem::path(path).parent_path().string();
}

std::string name_of(const std::string& path) {
  return std::filesystem::path(path).filename().string();
}

}  // namespace

Result<RootedFs> RootedFs::open(const std::filesystem::path& root) {
  RootedFs result;
  result.name_ = root;
  result.root_ = Fd(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!result.root_) return path_error("open", root.string());
  return result;
}

Fd RootedFs::resolve(const std::string& path, int flags) const {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_IN_ROOT;
  return Fd(static_cast<int>(syscall(SYS_openat2, root_.get(), path.c_str(), &how, sizeof(how))));
}

Fd RootedFs::find(const std::string& path) const { return resolve(path, O_PATH); }

bool RootedFs::exists(const std::string& path) const { return static_cast<bool>(find(path)); }

bool RootedFs::is_folder(const std::string& path) const {
  return static_cast<bool>(resolve(path, O_PATH | O_DIRECTORY));
}

bool RootedFs::is_executable_there(const std::string& path) const {
  const Fd folder = resolve(path, O_PATH);
  struct statvfs facts {};
  return folder && fstatvfs(folder.get(), &facts) == 0 && (facts.f_flag & ST_NOEXEC) == 0;
}

Result<std::string> RootedFs::read(const std::string& path) const {
  const Fd file = resolve(path, O_RDONLY | O_NOCTTY | O_NONBLOCK);
  if (!file) return path_error("read", path);
  std::string content;
  std::array<char, 16384> buffer{};
  while (true) {
    const auto count = ::read(file.get(), buffer.data(), buffer.size());
    if (count < 0) return path_error("read", path);
    if (count == 0) return content;
    content.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

Result<void> RootedFs::write_new(const std::string& path, const std::string& content,
                                 unsigned mode) const {
  const Fd folder = resolve(folder_of(path), O_PATH | O_DIRECTORY);
  if (!folder) return path_error("write", path);
  const Fd file(openat(folder.get(), name_of(path).c_str(),
                       O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
  if (!file) return path_error("write", path);
  std::string_view rest = content;
  while (!rest.empty()) {
    const auto count = ::write(file.get(), rest.data(), rest.size());
    if (count < 0) return path_error("write", path);
    rest.remove_prefix(static_cast<std::size_t>(count));
  }
  // Whatever the umask is.
  if (fchmod(file.get(), mode) < 0) return path_error("set the mode of", path);
  return {};
}

Result<void> RootedFs::set_attribute(const std::string& path, const std::string& name,
                                     const std::string& value) const {
  const Fd file = find(path);
  // A descriptor of O_PATH has no attributes but by this name.
  const std::string by_descriptor = "/proc/self/fd/" + std::to_string(file.get());
  if (!file || setxattr(by_descriptor.c_str(), name.c_str(), value.data(), value.size(), 0) < 0) {
    return path_error("set an attribute of", path);
  }
  return {};
}

Result<void> RootedFs::make_folder(const std::string& path, unsigned mode) const {
  const Fd parent = resolve(folder_of(path), O_PATH | O_DIRECTORY);
  if (!parent || mkdirat(parent.get(), name_of(path).c_str(), mode) < 0 ||
      fchmodat(parent.get(), name_of(path).c_str(), mode, 0) < 0) {
    return path_error("make the folder", path);
  }
  return {};
}

Result<void> RootedFs::make_folders(const std::string& path) const {
  std::string so_far;
  for (const auto& part : split(path, '/')) {
    if (part.empty()) continue;
    so_far += "/" + part;
    if (is_folder(so_far)) continue;
    if (auto made = make_folder(so_far, 0755); !made) return made;
  }
  return {};
}

Result<void> RootedFs::remove_all(const std::string& path) const {
  const Fd parent = resolve(folder_of(path), O_PATH | O_DIRECTORY);
  if (!parent) return errno == ENOENT ? Result<void>() : path_error("remove", path);
  std::error_code error;
  std::filesystem::remove_all("/proc/self/fd/" + std::to_string(parent.get()) + "/" + name_of(path),
                              error);
  if (error) return cannot_run("cannot remove " + path + ": " + error.message());
  return {};
}

Result<void> RootedFs::remove(const std::string& path) const {
  const Fd parent = resolve(folder_of(path), O_PATH | O_DIRECTORY);
  if (!parent) return path_error("remove", path);
  const std::string name = name_of(path);
  if (unlinkat(parent.get(), name.c_str(), 0) < 0 &&
      (errno != EISDIR || unlinkat(parent.get(), name.c_str(), AT_REMOVEDIR) < 0)) {
    return path_error("remove", path);
  }
  return {};
}

}  // namespace sandproof
