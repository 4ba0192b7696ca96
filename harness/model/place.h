// Where something is, in words that are the same in every mount namespace.
#pragma once

#include <string>

namespace sandproof {

struct Place {
  // The kernel's number of the file system, MAJOR << 20 | MINOR of its device.
  std::string file_system;
  // From that file system's own root.
  std::string path;
  // What name_to_handle_at(2) says of it, a number and hexadecimal digits; "" where its file system
  // has no handles.
  std::string handle_type = {};
  std::string handle = {};
};

}  // namespace sandproof
