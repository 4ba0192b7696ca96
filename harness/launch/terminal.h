// A terminal in the manager's own /dev/pts, with this process's terminal at its other end.
#pragma once

#include <termios.h>

#include <optional>
#include <string>
#include <vector>

#include "base/fd.h"
#include "bus/connection.h"
#include "bus/event_loop.h"
#include "manager/manager.h"

namespace sandproof::launch {

class Terminal {
 public:
  // Standard input is a terminal; it is in raw mode until this ends.
  static Result<Terminal> open(Manager& manager);
  Terminal(Terminal&& other) noexcept;
  Terminal& operator=(Terminal&&) = delete;
  ~Terminal();

  // For a unit that runs on it.
  std::vector<bus::Property> properties() const;

  // What is typed goes in and what is said comes out, for as long as the loop runs.
  Result<void> connect(bus::EventLoop& loop);
  void take_window_size() const;
  // What the unit said last, once it has ended.
  void drain();

 private:
  Terminal() = default;
  void forward_input();
  bool forward_output() const;

  Fd master_;
  // Held, or the master is at its end whenever systemd has the terminal closed.
  Fd slave_;
  std::string name_;  // "/dev/pts/3"
  std::optional<termios> before_;
  bus::Watch typed_;
  bus::Watch said_;
};

}  // namespace sandproof::launch
