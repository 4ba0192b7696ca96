// Connects to an abstract AF_UNIX socket of somebody outside of the sandbox. These names belong to
// the network namespace; in another one nobody has this name.

#include "kit/probe.h"

constexpr probe::Card card{
    .id = "connect-abstract",
    .attempts = "connect(socket(AF_UNIX), \"\\0NAME\")",
    .arguments = "NAME",
    .harmless_because = "the connection is closed at exit, and the listener is ours",
    .denied_with = {ECONNREFUSED, EACCES, EPERM},
};

probe::Outcome attempt(probe::Args args) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  size_t length = 1;
  for (const char* letter = args[0]; *letter != '\0'; ++letter) {
    if (length == sizeof address.sun_path) return probe::usage();
    address.sun_path[length++] = *letter;
  }
  const long fd = sys::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return probe::unable("socket", fd);
  return probe::judge(
      card, sys::connect(static_cast<int>(fd), &address, offsetof(sockaddr_un, sun_path) + length));
}
