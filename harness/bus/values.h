// Values of the model to and from messages, for every D-Bus type, by their signatures alone.
#pragma once

#include "base/result.h"
#include "bus/handles.h"
#include "model/settings.h"
#include "model/value.h"

namespace sandproof::bus {

// Negative errno as sd-bus has it.
int append(sd_bus_message* message, const Value& value);
// The next complete value of the message.
Result<Value> read(sd_bus_message* message);
// The a{sv} that GetAll() answers and PropertiesChanged carries.
Result<Properties> read_properties(sd_bus_message* message);

}  // namespace sandproof::bus
