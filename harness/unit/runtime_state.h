// Properties that say how a service is doing and not how it is set up: no settings.
#pragma once

#include <string_view>

#include "model/settings.h"

namespace sandproof::unit {

// Of org.freedesktop.systemd1.Service, in any version from 247 to 262. The commands (ExecStart, …)
// are settings, though they carry the times of their last run.
bool is_runtime_state(std::string_view property);

Properties without_runtime_state(Properties properties);

}  // namespace sandproof::unit
