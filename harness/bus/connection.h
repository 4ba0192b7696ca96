// A connection to a systemd manager, over the system bus or over the manager's own socket.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/fd.h"
#include "base/result.h"
#include "bus/event_loop.h"
#include "model/settings.h"
#include "model/value.h"

namespace sandproof::bus {

struct Property {
  std::string name;
  Value value;
};

// Why a call failed, as the manager said it.
struct CallError {
  std::string name;  // "org.freedesktop.systemd1.NoSuchUnit"; empty where no answer came
  std::string message;
};

class Connection {
 public:
  // What a unit's properties changed to, by the unit's object path.
  using ChangeHandler = std::function<void(const std::string& path, const Properties& changed)>;
  // A job of the manager's queue that ended: the unit's name, and "done", "failed", ….
  using JobHandler = std::function<void(const std::string& unit, const std::string& result)>;

  // The system bus, where PID 1 is systemd.
  static Result<std::unique_ptr<Connection>> open_system(EventLoop& loop);
  // A connected stream socket to /run/systemd/private. Only root may, and the socket has to have
  // been connected by a process that the manager can see in its PID namespace (src/core/dbus.c and
  // getpeercred() in systemd's source: a peer with PID 0 is refused).
  static Result<std::unique_ptr<Connection>> adopt(EventLoop& loop, Fd socket);

  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // A method of org.freedesktop.systemd1.Manager. Answers the values of the reply.
  using Reply = std::variant<std::vector<Value>, CallError>;
  Reply call_manager(const std::string& method, const std::vector<Value>& arguments);

  Result<Properties> get_all(const std::string& path, const std::string& interface);
  Result<Value> get_manager_property(const std::string& name);

  // False once the manager has gone.
  bool is_open() const;

  void on_change(ChangeHandler handler);
  void on_job_end(JobHandler handler);

  // /org/freedesktop/systemd1/unit/x_2eservice
  static std::string unit_path(const std::string& unit);

 private:
  struct Handle;

  explicit Connection(std::unique_ptr<Handle> handle);
  Result<void> attach(EventLoop& loop);
  Result<void> subscribe();

  std::unique_ptr<Handle> handle_;
};

// The text of an error, for people.
std::string to_string(const CallError& error);

}  // namespace sandproof::bus
