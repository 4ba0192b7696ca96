// Sockets that a service is handed. Its socket units' are made by the manager, outside of the
// service's sandbox, and what restricts the making of sockets does not restrict these:
// systemd.exec(5) says so of RestrictAddressFamilies=, and it was seen of all such directives on
// 247, 252, 257 and 262.
#pragma once

#include <string>
#include <vector>

#include "manager/manager.h"
#include "model/unit.h"

namespace sandproof::unit {

// "x.socket" of "x.service".
std::string socket_of(const std::string& service);

// What a reader has to know of it: a note a socket unit, where the service has such directives.
// `properties` are those of the unit that the manager has of it.
std::vector<std::string> notes_on_sockets(Manager& manager, const Unit& unit,
                                          const Properties& properties);

}  // namespace sandproof::unit
