#include "manager/sockets.h"

#include <cerrno>
#include <cstring>

#include "base/names.h"

namespace sandproof {

Result<sockaddr_un> socket_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) return cannot_run("the path is too long: " + path);
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

const sockaddr* generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

Result<Fd> connect_stream(const std::string& path) {
  const auto address = socket_address(path);
  if (!address) return address.error();
  Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket || connect(socket.get(), generic(*address), sizeof(*address)) < 0) {
    return cannot_run("cannot connect to " + path + ": " + errno_text(errno));
  }
  return socket;
}

}  // namespace sandproof
