#include "guarantee/path_doors.h"

#include <cerrno>

#include "guarantee/expect.h"

namespace sandproof::guarantee {

namespace {

constexpr auto mounting_is_shut_by = "CapabilityBoundingSet=~CAP_SYS_ADMIN";
constexpr auto entering_is_shut_by = "CapabilityBoundingSet=~CAP_SYS_PTRACE";
constexpr auto handles_are_shut_by = "CapabilityBoundingSet=~CAP_DAC_READ_SEARCH";

void add(Promise& promise, Expectation expectation) {
  promise.attempts.push_back(std::move(expectation));
}

// Where the path that the directive protects is. Below a root of the unit's own it is another one.
std::optional<Place> protected_place(const Subject& subject, const std::string& path) {
  for (const char* directive : {"RootDirectory", "RootImage"}) {
    if (!subject.settings.text(directive).empty()) return std::nullopt;
  }
  return subject.place_of(path);
}

// By a mount that is not the protected one.
void add_mount_doors(Promise& promise, const Place& place, const std::string& deed,
                     const Promised& promised) {
  const std::vector<std::string> args = {deed, place.file_system, place.path};
  add(promise, side_door("another mount of it", {"fs-by-alias", args}, promised, ""));
  add(promise,
      side_door("a copy of the mount", {"fs-by-clone", args}, promised, mounting_is_shut_by));
  add(promise, side_door("its file system mounted again", {"fs-by-instance", args}, promised,
                         mounting_is_shut_by));
  if (place.handle.empty()) return;
  add(promise,
      side_door("its file handle",
                {"fs-by-handle", {deed, place.file_system, place.handle_type, place.handle}},
                promised, handles_are_shut_by));
}

// By a call whose flags no filter sees.
void add_call_door(Promise& promise, const std::string& deed, const Place& place,
                   const std::string& path, const Promised& promised) {
  add(promise,
      side_door("openat2", {"fs-by-openat2", {deed, place.file_system, path}}, promised, ""));
}

// A path as a process that is outside of the sandbox has it, in the root folder: whoever may trace
// it may follow the links.
void add_process_doors(Promise& promise, const Subject& subject, const std::string& path,
                       const char* probe) {
  if (subject.outside_pid() == 0) return;
  const std::string process = "/proc/" + std::to_string(subject.outside_pid());
  const Promised promised = {denied(EACCES), absent(ENOENT)};
  add(promise, side_door("the root of a process outside", {probe, {process + "/root" + path}},
                         promised, entering_is_shut_by));
  add(promise, side_door("the working directory of a process outside",
                         {probe, {process + "/cwd" + path}}, promised, entering_is_shut_by));
}

}  // namespace

void add_write_doors(Promise& promise, const Subject& subject, const std::string& path) {
  if (const auto place = protected_place(subject, path)) {
    const Promised promised = {denied(EROFS), denied(EPERM)};
    add_mount_doors(promise, *place, "change", promised);
    add(promise,
        side_door("a remount of it", {"fs-by-remount", {"change", place->file_system, place->path}},
                  promised, mounting_is_shut_by));
    add_call_door(promise, "change", *place, path, {denied(EROFS), absent(ENOSYS)});
  }
  add_process_doors(promise, subject, path, "fs-change");
}

void add_read_doors(Promise& promise, const Subject& subject, const std::string& path) {
  if (const auto place = protected_place(subject, path)) {
    const Promised promised = {denied(EPERM), absent(ENOENT)};
    add_mount_doors(promise, *place, "reach", promised);
    add(promise, side_door("umount of what covers it",
                           {"fs-by-umount", {"reach", place->file_system, place->path, path}},
                           promised, mounting_is_shut_by));
    add_call_door(promise, "reach", *place, path, {denied(EACCES), absent(ENOENT), absent(EXDEV)});
  }
  add_process_doors(promise, subject, path, "fs-reach");
}

}  // namespace sandproof::guarantee
