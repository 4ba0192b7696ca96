#include "explain/syscalls.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstring>
#include <iterator>

#include "base/text.h"

namespace sandproof::explain {

namespace {

struct Entry {
  std::uint64_t number;
  std::string_view name;
};

#include "system_call_list.inc"

template <typename Entries>
std::string name_in(const Entries& entries, std::uint64_t number) {
  const auto found = std::find_if(std::begin(entries), std::end(entries),
                                  [number](const Entry& entry) { return entry.number == number; });
  return found == std::end(entries) ? "call " + std::to_string(number) : std::string(found->name);
}

// Calls that are about a path, with the argument that it is in; `at` ones have the folder's
// descriptor before it.
struct PathCall {
  std::string_view name;
  int argument;
  bool at;
};
constexpr PathCall path_calls[] = {
    {"access", 0, false},    {"chdir", 0, false},     {"chmod", 0, false},
    {"chown", 0, false},     {"chroot", 0, false},    {"creat", 0, false},
    {"execve", 0, false},    {"execveat", 1, true},   {"faccessat", 1, true},
    {"faccessat2", 1, true}, {"fchmodat", 1, true},   {"fchmodat2", 1, true},
    {"fchownat", 1, true},   {"lchown", 0, false},    {"link", 1, false},
    {"linkat", 3, true},     {"lstat", 0, false},     {"mkdir", 0, false},
    {"mkdirat", 1, true},    {"mknod", 0, false},     {"mknodat", 1, true},
    {"mount", 1, false},     {"newfstatat", 1, true}, {"open", 0, false},
    {"openat", 1, true},     {"openat2", 1, true},    {"readlink", 0, false},
    {"readlinkat", 1, true}, {"rename", 1, false},    {"renameat", 3, true},
    {"renameat2", 3, true},  {"rmdir", 0, false},     {"setxattr", 0, false},
    {"stat", 0, false},      {"statfs", 0, false},    {"statx", 1, true},
    {"symlink", 1, false},   {"symlinkat", 2, true},  {"truncate", 0, false},
    {"umount2", 0, false},   {"unlink", 0, false},    {"unlinkat", 1, true},
    {"utimensat", 1, true},
};

std::string open_flags(std::uint64_t flags) {
  std::string text = (flags & O_ACCMODE) == O_RDONLY   ? "O_RDONLY"
                     : (flags & O_ACCMODE) == O_WRONLY ? "O_WRONLY"
                                                       : "O_RDWR";
  if ((flags & O_CREAT) != 0) text += "|O_CREAT";
  if ((flags & O_DIRECTORY) != 0) text += "|O_DIRECTORY";
  return text;
}

std::string protection(std::uint64_t bits) {
  std::vector<std::string> names;
  if ((bits & PROT_READ) != 0) names.emplace_back("PROT_READ");
  if ((bits & PROT_WRITE) != 0) names.emplace_back("PROT_WRITE");
  if ((bits & PROT_EXEC) != 0) names.emplace_back("PROT_EXEC");
  return names.empty() ? "PROT_NONE" : join(names, "|");
}

std::string socket_type(std::uint64_t type) {
  switch (type & 0xf) {
    case SOCK_STREAM:
      return "SOCK_STREAM";
    case SOCK_DGRAM:
      return "SOCK_DGRAM";
    case SOCK_RAW:
      return "SOCK_RAW";
    case SOCK_SEQPACKET:
      return "SOCK_SEQPACKET";
    default:
      return std::to_string(type & 0xf);
  }
}

std::string address_text(const std::string& bytes) {
  if (bytes.size() < sizeof(sa_family_t)) return "?";
  sa_family_t family = 0;
  std::memcpy(&family, bytes.data(), sizeof(family));
  if ((family == AF_INET || family == AF_INET6) && bytes.size() >= 4) {
    const auto high = static_cast<unsigned char>(bytes[2]);
    const auto low = static_cast<unsigned char>(bytes[3]);
    return "port " + std::to_string(high << 8 | low);
  }
  if (family == AF_UNIX && bytes.size() > sizeof(family)) {
    std::string path = bytes.substr(sizeof(family));
    if (path.front() == '\0') path.front() = '@';
    return path.substr(0, path.find('\0'));
  }
  return family_name(family);
}

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

int descriptor_of(std::uint64_t argument) { return static_cast<int>(argument); }

std::string path_of(const PathCall& call, const std::array<std::uint64_t, 6>& arguments,
                    const CallMemory& memory) {
  const auto index = static_cast<std::size_t>(call.argument);
  const std::string path = memory.text(arguments[index]);
  if (path.starts_with('/')) return path;
  const std::string folder =
      memory.descriptor(call.at ? descriptor_of(arguments[index - 1]) : AT_FDCWD);
  if (path.empty()) return folder;
  return folder.empty() ? path : folder + (folder.ends_with('/') ? "" : "/") + path;
}

DecodedCall decode_path_call(const PathCall& call, const std::array<std::uint64_t, 6>& arguments,
                             const CallMemory& memory) {
  const std::string path = path_of(call, arguments, memory);
  std::string text = std::string(call.name) + "(" + quoted(path);
  if (call.name == "open") text += ", " + open_flags(arguments[1]);
  if (call.name == "openat") text += ", " + open_flags(arguments[2]);
  if (call.name == "openat2") {
    std::uint64_t flags = 0;
    const std::string how = memory.bytes(arguments[2], sizeof(flags));
    if (how.size() == sizeof(flags)) std::memcpy(&flags, how.data(), sizeof(flags));
    text += ", " + open_flags(flags);
  }
  return {text + ")", path};
}

}  // namespace

std::string syscall_name(std::uint32_t architecture, std::uint64_t number) {
  if (architecture == AUDIT_ARCH_I386) return name_in(compatible_calls, number);
#ifdef __x86_64__
  // The x32 calls are the native ones with this bit set: asm/unistd.h.
  constexpr std::uint64_t x32_bit = 0x40000000;
  if ((number & x32_bit) != 0) return name_in(native_calls, number & ~x32_bit);
#endif
  return name_in(native_calls, number);
}

std::string family_name(int family) {
  struct Family {
    int number;
    std::string_view name;
  };
  static constexpr Family families[] = {{AF_UNIX, "AF_UNIX"},
                                        {AF_INET, "AF_INET"},
                                        {AF_INET6, "AF_INET6"},
                                        {AF_NETLINK, "AF_NETLINK"},
                                        {AF_PACKET, "AF_PACKET"},
                                        {AF_ALG, "AF_ALG"},
                                        {AF_VSOCK, "AF_VSOCK"},
                                        {AF_BLUETOOTH, "AF_BLUETOOTH"},
                                        {AF_CAN, "AF_CAN"},
                                        {AF_KEY, "AF_KEY"},
                                        {AF_TIPC, "AF_TIPC"},
                                        {AF_RDS, "AF_RDS"},
                                        {AF_PPPOX, "AF_PPPOX"},
                                        {AF_KCM, "AF_KCM"},
                                        {AF_XDP, "AF_XDP"},
                                        {AF_QIPCRTR, "AF_QIPCRTR"},
                                        {AF_NFC, "AF_NFC"},
                                        {AF_PHONET, "AF_PHONET"},
                                        {AF_IEEE802154, "AF_IEEE802154"}};
  for (const auto& [number, name] : families) {
    if (number == family) return std::string(name);
  }
  return "address family " + std::to_string(family);
}

DecodedCall decode_call(const std::string& name, const std::array<std::uint64_t, 6>& arguments,
                        const CallMemory& memory) {
  for (const auto& call : path_calls) {
    if (call.name == name) return decode_path_call(call, arguments, memory);
  }
  if (name == "socket" || name == "socketpair") {
    const std::string family = family_name(descriptor_of(arguments[0]));
    return {name + "(" + family + ", " + socket_type(arguments[1]) + ")", family};
  }
  if (name == "bind" || name == "connect") {
    const auto size = std::min<std::uint64_t>(arguments[2], sizeof(sockaddr_un));
    const std::string address =
        address_text(memory.bytes(arguments[1], static_cast<std::size_t>(size)));
    return {name + "(" + address + ")", address};
  }
  if (name == "mmap" || name == "mprotect" || name == "pkey_mprotect") {
    const std::string bits = protection(arguments[2]);
    return {name + "(…, " + bits + ")", bits};
  }
  if (name == "setuid" || name == "setgid") {
    const std::string number = std::to_string(descriptor_of(arguments[0]));
    return {name + "(" + number + ")", number};
  }
  return {name + "()", {}};
}

std::map<std::string, std::vector<std::string>> parse_groups(std::string_view listing) {
  std::map<std::string, std::vector<std::string>> members;
  std::string group;
  for (const auto& line : split(listing, '\n')) {
    const auto text = trim(line);
    if (text.starts_with('@') && !line.starts_with(' ')) group = text;
    if (group.empty() || text.empty() || text.starts_with('#') || !line.starts_with(' ')) continue;
    members[group].emplace_back(text);
  }
  std::map<std::string, std::vector<std::string>> groups;
  // A group lists groups: it has what they have.
  const std::function<void(const std::string&, const std::string&)> add =
      [&](const std::string& top, const std::string& from) {
        for (const auto& member : members[from]) {
          if (member.starts_with('@')) {
            if (member != top) add(top, member);
            continue;
          }
          auto& list = groups[member];
          if (std::find(list.begin(), list.end(), top) == list.end()) list.push_back(top);
        }
      };
  std::vector<std::string> names;
  for (const auto& [name, unused] : members) names.push_back(name);
  for (const auto& name : names) add(name, name);
  return groups;
}

}  // namespace sandproof::explain
