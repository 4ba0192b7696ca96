// Names of numbers, as they are spelt in C.

#pragma once

namespace probe {

// "EPERM" for 1, or nullptr.
const char* errno_name(int error);

// AF_NETLINK, or its number, as a number; -1 where it is neither.
int address_family(const char* name);

}  // namespace probe
