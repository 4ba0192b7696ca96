#include "launch/terminal.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>

#include "base/names.h"

namespace sandproof::launch {

namespace {

Error terminal_error(const std::string& what) {
  return cannot_run("cannot " + what + " a terminal: " + errno_text(errno));
}

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto count = ::write(fd, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

}  // namespace

Result<Terminal> Terminal::open(Manager& manager) {
  Terminal terminal;
  // Through the manager's root, so that it is of the manager's devpts: pts(4).
  const std::string devices = (manager.files().name() / "dev").string();
  terminal.master_ = Fd(::open((devices + "/pts/ptmx").c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
  int number = 0;
  int unlocked = 0;
  if (!terminal.master_ || ioctl(terminal.master_.get(), TIOCSPTLCK, &unlocked) < 0 ||
      ioctl(terminal.master_.get(), TIOCGPTN, &number) < 0) {
    return terminal_error("make");
  }
  terminal.name_ = "/dev/pts/" + std::to_string(number);
  terminal.slave_ = Fd(ioctl(terminal.master_.get(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!terminal.slave_) return terminal_error("open");
  terminal.take_window_size();
  termios before{};
  if (tcgetattr(STDIN_FILENO, &before) < 0) return terminal_error("read the modes of");
  termios raw = before;
  cfmakeraw(&raw);
  if (tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) < 0) return terminal_error("set the modes of");
  terminal.before_ = before;
  return terminal;
}

Terminal::Terminal(Terminal&& other) noexcept
    : master_(std::move(other.master_)),
      slave_(std::move(other.slave_)),
      name_(std::move(other.name_)),
      before_(std::exchange(other.before_, std::nullopt)) {}

Terminal::~Terminal() {
  if (before_) tcsetattr(STDIN_FILENO, TCSADRAIN, &*before_);
}

std::vector<bus::Property> Terminal::properties() const {
  std::vector<bus::Property> properties = {{"TTYPath", Value::text(name_)},
                                           {"StandardInput", Value::text("tty")},
                                           {"StandardOutput", Value::text("tty")},
                                           {"StandardError", Value::text("tty")}};
  if (const char* type = std::getenv("TERM")) {
    properties.push_back({"Environment", Value::texts({std::string("TERM=") + type})});
  }
  return properties;
}

Result<void> Terminal::connect(bus::EventLoop& loop) {
  auto typed = loop.on_readable(STDIN_FILENO, [this] { forward_input(); });
  if (!typed) return typed.error();
  auto said = loop.on_readable(master_.get(), [this] { forward_output(); });
  if (!said) return said.error();
  typed_ = *std::move(typed);
  said_ = *std::move(said);
  return {};
}

void Terminal::take_window_size() const {
  winsize size{};
  if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0) ioctl(master_.get(), TIOCSWINSZ, &size);
}

void Terminal::forward_input() {
  std::array<char, 4096> buffer{};
  const auto count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
  if (count > 0) return write_all(master_.get(), {buffer.data(), static_cast<std::size_t>(count)});
  if (count < 0 && errno == EINTR) return;
  // Whoever typed has gone: so does the terminal, and the shell is told by SIGHUP.
  typed_ = bus::Watch();
  said_ = bus::Watch();
  slave_.reset();
  master_.reset();
}

bool Terminal::forward_output() const {
  std::array<char, 4096> buffer{};
  const auto count = ::read(master_.get(), buffer.data(), buffer.size());
  if (count > 0) write_all(STDOUT_FILENO, {buffer.data(), static_cast<std::size_t>(count)});
  return count > 0 || (count < 0 && errno == EINTR);
}

void Terminal::drain() {
  typed_ = bus::Watch();
  said_ = bus::Watch();
  // With the last slave closed, reading ends in EIO when all has been read.
  slave_.reset();
  constexpr int limit = 1000;
  pollfd ready{master_.get(), POLLIN, 0};
  while (master_ && poll(&ready, 1, limit) > 0 && forward_output()) {
  }
}

}  // namespace sandproof::launch
