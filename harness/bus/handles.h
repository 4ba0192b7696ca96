// libsystemd's objects, held so that they are released on every path.
#pragma once

#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

#include <memory>

namespace sandproof::bus {

template <auto release>
struct Releaser {
  template <typename T>
  void operator()(T* object) const noexcept {
    release(object);
  }
};

using BusHandle = std::unique_ptr<sd_bus, Releaser<sd_bus_flush_close_unref>>;
using Message = std::unique_ptr<sd_bus_message, Releaser<sd_bus_message_unref>>;
using Slot = std::unique_ptr<sd_bus_slot, Releaser<sd_bus_slot_unref>>;
using Event = std::unique_ptr<sd_event, Releaser<sd_event_unref>>;
using EventSource = std::unique_ptr<sd_event_source, Releaser<sd_event_source_disable_unref>>;

// sd_bus_error with a destructor.
class BusError {
 public:
  BusError() = default;
  BusError(const BusError&) = delete;
  BusError& operator=(const BusError&) = delete;
  ~BusError() { sd_bus_error_free(&error_); }

  sd_bus_error* get() { return &error_; }
  const char* name() const { return error_.name != nullptr ? error_.name : ""; }
  const char* message() const { return error_.message != nullptr ? error_.message : ""; }

 private:
  // SD_BUS_ERROR_NULL is a compound literal, which is not C++.
  sd_bus_error error_{};
};

}  // namespace sandproof::bus
