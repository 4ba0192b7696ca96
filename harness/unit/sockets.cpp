#include "unit/sockets.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace sandproof::unit {

namespace {

constexpr std::array of_sockets = {"IPAddressDeny", "PrivateNetwork", "RestrictAddressFamilies",
                                   "RestrictNetworkInterfaces", "SocketBindDeny"};

std::vector<std::string> directives_of_sockets(const Unit& unit) {
  std::vector<std::string> names;
  for (const auto& directive : unit.directives) {
    const bool is_one =
        std::find(of_sockets.begin(), of_sockets.end(), directive.name) != of_sockets.end();
    if (!is_one || directive.is_ignored()) continue;
    if (directive.name == "PrivateNetwork" && !unit.settings.boolean(directive.name)) continue;
    names.push_back(directive.name + "=");
  }
  return names;
}

// Whether the unit of this name is a socket's that starts the service. The manager has it where it
// is installed, whether or not anything has asked for it.
bool is_socket_for(Manager& manager, const std::string& socket, const std::string& service) {
  const auto properties = manager.unit_properties(socket);
  if (!properties) return false;
  const Settings settings(*properties, {});
  const auto triggers = settings.texts("Triggers");
  return settings.text("LoadState") == "loaded" &&
         std::find(triggers.begin(), triggers.end(), service) != triggers.end();
}

}  // namespace

std::string socket_of(const std::string& service) {
  return service.substr(0, service.rfind('.')) + ".socket";
}

std::vector<std::string> notes_on_sockets(Manager& manager, const Unit& unit,
                                          const Properties& properties) {
  const auto directives = directives_of_sockets(unit);
  if (directives.empty()) return {};
  // What Sockets= names, and what the manager has loaded for another reason.
  std::vector<std::string> sockets;
  for (const auto& name : Settings(properties, {}).texts("TriggeredBy")) {
    if (name.ends_with(".socket")) sockets.push_back(name);
  }
  const std::string own = socket_of(unit.name);
  if (std::find(sockets.begin(), sockets.end(), own) == sockets.end() &&
      is_socket_for(manager, own, unit.name)) {
    sockets.push_back(own);
  }
  std::vector<std::string> notes;
  for (const auto& socket : sockets) {
    notes.push_back("the sockets of " + socket +
                    " are made outside of the sandbox and handed to the unit: " +
                    join(directives, ", ") + " do not restrict them");
  }
  return notes;
}

}  // namespace sandproof::unit
