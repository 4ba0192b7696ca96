#include "kit/probe.h"

namespace probe {

Outcome become(Args args, size_t index) {
  Text path;
  const char* folder_end = args.program();
  for (const char* letter = args.program(); *letter != '\0'; ++letter) {
    if (*letter == '/') folder_end = letter + 1;
  }
  for (const char* letter = args.program(); letter != folder_end; ++letter) path.add(*letter);
  path.add(args[index]);
  char** argv = args.from(index);
  argv[0] = const_cast<char*>(path.c_str());
  return unable("execve", sys::execve(argv[0], argv, args.environment()));
}

}  // namespace probe
