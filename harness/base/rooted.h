// Paths below another root, where a symlink is followed as that root's own processes follow it,
// never out into this machine: openat2(2) with RESOLVE_IN_ROOT.
#pragma once

#include <filesystem>
#include <string>

#include "base/fd.h"
#include "base/result.h"

namespace sandproof {

class RootedFs {
 public:
  // "/" is this machine; else /proc/PID/root or a folder.
  static Result<RootedFs> open(const std::filesystem::path& root);

  bool exists(const std::string& path) const;
  bool is_folder(const std::string& path) const;
  // Whether files on its file system can be executed: no noexec mount.
  bool is_executable_there(const std::string& path) const;

  // A descriptor (O_PATH) of what is at the path; empty where there is nothing.
  Fd find(const std::string& path) const;

  Result<std::string> read(const std::string& path) const;
  // Makes the file new (O_EXCL), its folder has to be there.
  Result<void> write_new(const std::string& path, const std::string& content, unsigned mode) const;
  // An extended attribute (xattr(7)) of what is at the path.
  Result<void> set_attribute(const std::string& path, const std::string& name,
                             const std::string& value) const;
  // Like mkdir -p, mode 0755.
  Result<void> make_folders(const std::string& path) const;
  Result<void> make_folder(const std::string& path, unsigned mode) const;
  Result<void> remove(const std::string& path) const;
  // With all that is in it, on whatever file system; nothing where there is nothing.
  Result<void> remove_all(const std::string& path) const;

  // A name of the root that other programs can be given: /proc/self/fd/N would be theirs.
  const std::filesystem::path& name() const { return name_; }

 private:
  Fd resolve(const std::string& path, int flags) const;

  std::filesystem::path name_;
  Fd root_;
};

}  // namespace sandproof
