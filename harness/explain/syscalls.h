// Names of system calls, and how one looks with its arguments.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sandproof::explain {

// By AUDIT_ARCH_… and number: "openat"; "call 4711" for one that has no name.
std::string syscall_name(std::uint32_t architecture, std::uint64_t number);

// Reads memory of the process that made the call.
struct CallMemory {
  std::function<std::string(std::uint64_t address)> text;  // up to a NUL
  std::function<std::string(std::uint64_t address, std::size_t size)> bytes;
  // The file that a descriptor is, for paths that are relative to it; -100 is AT_FDCWD.
  std::function<std::string(int descriptor)> descriptor;
};

struct DecodedCall {
  std::string text;    // openat("/etc/stamp", O_WRONLY)
  std::string object;  // the path, or what else the call was about: "AF_NETLINK", "port 80"
};

DecodedCall decode_call(const std::string& name, const std::array<std::uint64_t, 6>& arguments,
                        const CallMemory& memory);

std::string family_name(int family);

// From what `systemd-analyze syscall-filter` prints: the groups that a call is in, by its name.
std::map<std::string, std::vector<std::string>> parse_groups(std::string_view listing);

}  // namespace sandproof::explain
