#include "bus/connection.h"

#include <cstdlib>

#include "base/names.h"
#include "bus/handles.h"
#include "bus/values.h"

namespace sandproof::bus {

namespace {

constexpr const char* service = "org.freedesktop.systemd1";
constexpr const char* manager_path = "/org/freedesktop/systemd1";
constexpr const char* manager_interface = "org.freedesktop.systemd1.Manager";
constexpr const char* properties_interface = "org.freedesktop.DBus.Properties";
constexpr const char* unit_path_prefix = "/org/freedesktop/systemd1/unit";

Error bus_error(const std::string& what, int r) {
  return cannot_run("cannot " + what + ": " + errno_text(-r));
}

}  // namespace

struct Connection::Handle {
  BusHandle bus;
  // Null on a direct connection, which has no names.
  const char* destination = nullptr;
  std::vector<Slot> slots;
  std::shared_ptr<void> draining;
  ChangeHandler on_change;
  JobHandler on_job_end;

  // sd-bus's callback; its userdata is the Handle.
  static int dispatch(sd_bus_message* message, void* userdata, sd_bus_error*) noexcept {
    static_cast<Handle*>(userdata)->handle_signal(message);
    return 0;
  }
  void handle_signal(sd_bus_message* message) const;
};

Connection::Connection(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}

Connection::~Connection() {
  // A bus that is attached to the loop holds a reference to itself until it is detached.
  if (handle_->bus) sd_bus_detach_event(handle_->bus.get());
}

bool Connection::is_open() const { return sd_bus_is_open(handle_->bus.get()) > 0; }

void Connection::on_change(ChangeHandler handler) { handle_->on_change = std::move(handler); }

void Connection::on_job_end(JobHandler handler) { handle_->on_job_end = std::move(handler); }

std::string to_string(const CallError& error) {
  return error.message.empty() ? error.name : error.message;
}

Result<std::unique_ptr<Connection>> Connection::open_system(EventLoop& loop) {
  auto handle = std::make_unique<Handle>();
  sd_bus* bus = nullptr;
  const int r = sd_bus_open_system(&bus);
  if (r < 0) return bus_error("connect to the system bus", r);
  handle->bus.reset(bus);
  handle->destination = service;
  std::unique_ptr<Connection> connection(new Connection(std::move(handle)));
  if (auto attached = connection->attach(loop); !attached) return attached.error();
  return connection;
}

Result<std::unique_ptr<Connection>> Connection::adopt(EventLoop& loop, Fd socket) {
  auto handle = std::make_unique<Handle>();
  sd_bus* bus = nullptr;
  int r = sd_bus_new(&bus);
  if (r < 0) return bus_error("make a connection to systemd", r);
  handle->bus.reset(bus);
  r = sd_bus_set_fd(bus, socket.get(), socket.get());
  if (r < 0) return bus_error("use a connection to systemd", r);
  socket.release();
  // The manager that we booted is ours.
  r = sd_bus_set_trusted(bus, 1);
  if (r < 0) return bus_error("use a connection to systemd", r);
  r = sd_bus_start(bus);
  if (r < 0) return bus_error("talk to systemd", r);
  std::unique_ptr<Connection> connection(new Connection(std::move(handle)));
  if (auto attached = connection->attach(loop); !attached) return attached.error();
  return connection;
}

Result<void> Connection::attach(EventLoop& loop) {
  const int r = sd_bus_attach_event(handle_->bus.get(), loop.handle(), SD_EVENT_PRIORITY_NORMAL);
  if (r < 0) return bus_error("wait for systemd's messages", r);
  // sd-bus would have the loop woken by a timer for each signal that came before the answer to a
  // call.
  handle_->draining = loop.before_waiting([bus = handle_->bus.get()] {
    while (sd_bus_process(bus, nullptr) > 0) continue;
  });
  return subscribe();
}

Result<void> Connection::subscribe() {
  const std::string sender =
      handle_->destination != nullptr ? std::string(",sender='") + service + "'" : std::string();
  const std::string matches[] = {"type='signal',interface='" + std::string(properties_interface) +
                                     "',member='PropertiesChanged',path_namespace='" +
                                     unit_path_prefix + "'" + sender,
                                 "type='signal',interface='" + std::string(manager_interface) +
                                     "',member='JobRemoved'" + sender};
  for (const auto& match : matches) {
    sd_bus_slot* slot = nullptr;
    const int r = sd_bus_add_match(handle_->bus.get(), &slot, match.c_str(), &Handle::dispatch,
                                   handle_.get());
    if (r < 0) return bus_error("listen to systemd's signals", r);
    handle_->slots.emplace_back(slot);
  }
  const auto reply = call_manager("Subscribe", {});
  const auto* error = std::get_if<CallError>(&reply);
  if (error != nullptr) {
    return cannot_run("cannot subscribe to systemd's signals: " + to_string(*error));
  }
  return {};
}

void Connection::Handle::handle_signal(sd_bus_message* message) const {
  if (sd_bus_message_is_signal(message, manager_interface, "JobRemoved") > 0) {
    std::uint32_t id = 0;
    const char* job = nullptr;
    const char* unit = nullptr;
    const char* result = nullptr;
    if (sd_bus_message_read(message, "uoss", &id, &job, &unit, &result) < 0) return;
    if (on_job_end) on_job_end(unit, result);
    return;
  }
  const char* interface = nullptr;
  if (sd_bus_message_read(message, "s", &interface) < 0) return;
  const auto changed = read_properties(message);
  if (changed && on_change) on_change(sd_bus_message_get_path(message), *changed);
}

Connection::Reply Connection::call_manager(const std::string& method,
                                           const std::vector<Value>& arguments) {
  sd_bus_message* raw = nullptr;
  int r = sd_bus_message_new_method_call(handle_->bus.get(), &raw, handle_->destination,
                                         manager_path, manager_interface, method.c_str());
  if (r < 0) return CallError{{}, errno_text(-r)};
  const Message message(raw);
  for (const auto& argument : arguments) {
    r = append(message.get(), argument);
    if (r < 0) return CallError{{}, "cannot send an argument: " + errno_text(-r)};
  }
  BusError error;
  sd_bus_message* raw_reply = nullptr;
  r = sd_bus_call(handle_->bus.get(), message.get(), 0, error.get(), &raw_reply);
  if (r < 0) {
    return CallError{error.name(), *error.message() != '\0' ? error.message() : errno_text(-r)};
  }
  const Message reply(raw_reply);
  std::vector<Value> values;
  while (sd_bus_message_at_end(reply.get(), 1) == 0) {
    auto value = read(reply.get());
    if (!value) return CallError{{}, value.error().message};
    values.push_back(*std::move(value));
  }
  return values;
}

Result<Properties> Connection::get_all(const std::string& path, const std::string& interface) {
  BusError error;
  sd_bus_message* raw_reply = nullptr;
  const int r = sd_bus_call_method(handle_->bus.get(), handle_->destination, path.c_str(),
                                   properties_interface, "GetAll", error.get(), &raw_reply, "s",
                                   interface.c_str());
  if (r < 0) return cannot_run("cannot read the properties of " + path + ": " + error.message());
  const Message reply(raw_reply);
  return read_properties(reply.get());
}

Result<Value> Connection::get_manager_property(const std::string& name) {
  BusError error;
  sd_bus_message* raw_reply = nullptr;
  const int r = sd_bus_call_method(handle_->bus.get(), handle_->destination, manager_path,
                                   properties_interface, "Get", error.get(), &raw_reply, "ss",
                                   manager_interface, name.c_str());
  if (r < 0) return cannot_run("cannot read systemd's " + name + ": " + error.message());
  const Message reply(raw_reply);
  auto variant = read(reply.get());
  if (!variant) return variant;
  return variant->elements().at(0);
}

std::string Connection::unit_path(const std::string& unit) {
  char* path = nullptr;
  if (sd_bus_path_encode(unit_path_prefix, unit.c_str(), &path) < 0) return {};
  const std::unique_ptr<char, Releaser<std::free>> owned(path);
  return path;
}

}  // namespace sandproof::bus
