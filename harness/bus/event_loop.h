// The one place where the harness waits: for the manager's signals, for what probes say, and for
// deadlines. A thin layer over sd-event, so that no other module knows it.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "base/result.h"

struct sd_event;

namespace sandproof::bus {

// A callback that stays registered for as long as this lives.
class Watch {
 public:
  class State;

  Watch();
  explicit Watch(std::unique_ptr<State> state);
  Watch(Watch&&) noexcept;
  Watch& operator=(Watch&&) noexcept;
  ~Watch();

  explicit operator bool() const { return state_ != nullptr; }

 private:
  std::unique_ptr<State> state_;
};

class EventLoop {
 public:
  static Result<std::unique_ptr<EventLoop>> create();
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  // Calls back whenever the descriptor can be read, or has been closed by its other end.
  Result<Watch> on_readable(int fd, std::function<void()> callback);
  // Calls back once, that long from now.
  Result<Watch> after(std::chrono::milliseconds delay, std::function<void()> callback);

  // Calls back before every look at whether to go on waiting, for as long as the result lives: for
  // what is there already, and wakes nobody.
  std::shared_ptr<void> before_waiting(std::function<void()> callback);

  // Runs callbacks until `done` is true. False where the time was up first.
  Result<bool> run_until(const std::function<bool()>& done, std::chrono::milliseconds limit);

  sd_event* handle() { return event_; }

 private:
  explicit EventLoop(sd_event* event) : event_(event) {}

  void take_what_is_there();

  sd_event* event_;
  std::vector<std::weak_ptr<std::function<void()>>> before_waiting_;
};

}  // namespace sandproof::bus
