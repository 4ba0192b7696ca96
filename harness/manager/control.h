// Short messages between the harness, the guard and the throwaway's first process, over a pair of
// SOCK_SEQPACKET sockets: a text each, with a descriptor where one is handed over.
#pragma once

#include <string>

#include "base/fd.h"
#include "base/result.h"

namespace sandproof {

struct ControlMessage {
  std::string text;  // empty when the other end is gone
  Fd descriptor;
};

Result<std::pair<Fd, Fd>> control_pair();
// False where the other end is gone.
bool send_control(int socket, const std::string& text, int descriptor = -1);
// Blocks until a message comes, or until the other end is gone.
Result<ControlMessage> receive_control(int socket);

}  // namespace sandproof
