// Sockets that have a place in the file system: unix(7).
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <string>

#include "base/fd.h"
#include "base/result.h"

namespace sandproof {

Result<sockaddr_un> socket_address(const std::string& path);
const sockaddr* generic(const sockaddr_un& address);

// A stream that is connected to the path, by this process.
Result<Fd> connect_stream(const std::string& path);

}  // namespace sandproof
