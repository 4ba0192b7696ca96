#include "manager/places.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>

namespace sandproof {

namespace {

// In the words of the mount namespace that the descriptor's mount is in.
std::string path_of(const Fd& fd) {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd.get()), error).string();
}

// What follows the mount point in a path that is at or below it.
std::string path_below(const std::string& path, const std::string& mount_point) {
  return mount_point == "/" ? path : path.substr(mount_point.size());
}

std::string hexadecimal(const unsigned char* bytes, std::size_t count) {
  constexpr const char* digits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text += digits[bytes[i] / 16];
    text += digits[bytes[i] % 16];
  }
  return text;
}

void add_handle(const Fd& fd, Place& place) {
  constexpr std::size_t most = MAX_HANDLE_SZ;
  alignas(file_handle) std::array<unsigned char, sizeof(file_handle) + most> memory{};
  auto* handle = reinterpret_cast<file_handle*>(memory.data());
  handle->handle_bytes = most;
  int mount = 0;
  if (name_to_handle_at(fd.get(), "", handle, &mount, AT_EMPTY_PATH) < 0) return;
  place.handle_type = std::to_string(handle->handle_type);
  place.handle = hexadecimal(handle->f_handle, handle->handle_bytes);
}

}  // namespace

Places::Places(const Manager& manager) : files_(manager.files()) {
  if (const auto text = files_.read("/proc/1/mountinfo")) mounts_ = parse_mountinfo(*text);
}

std::optional<Place> Places::of(const std::string& path) const {
  const Fd fd = files_.find(path);
  struct statx facts {};
  if (!fd || statx(fd.get(), "", AT_EMPTY_PATH, STATX_MNT_ID, &facts) < 0) return std::nullopt;
  const auto mount = std::find_if(mounts_.begin(), mounts_.end(), [&facts](const Mount& each) {
    return each.id == facts.stx_mnt_id;
  });
  const std::string found = path_of(fd);
  if (mount == mounts_.end() || !found.starts_with(mount->path)) return std::nullopt;
  // Whose root is another one in each cgroup namespace.
  if (mount->type == "cgroup2" || mount->type == "cgroup") return std::nullopt;
  const std::string below = path_below(found, mount->path);
  Place place{std::to_string(mount->file_system), mount->root == "/" ? below : mount->root + below};
  if (place.path.empty()) place.path = "/";
  add_handle(fd, place);
  return place;
}

}  // namespace sandproof
