#include "bus/event_loop.h"

#include <sys/epoll.h>

#include <ctime>

#include "base/names.h"
#include "bus/handles.h"

namespace sandproof::bus {

class Watch::State {
 public:
  explicit State(std::function<void()> call) : callback(std::move(call)) {}

  std::function<void()> callback;
  // Declared last: the source goes first, so that nothing calls back into what is gone.
  EventSource source;
};

Watch::Watch() = default;
Watch::Watch(std::unique_ptr<State> state) : state_(std::move(state)) {}
Watch::Watch(Watch&&) noexcept = default;
Watch& Watch::operator=(Watch&&) noexcept = default;
Watch::~Watch() = default;

namespace {

int call_on_io(sd_event_source*, int, std::uint32_t, void* userdata) noexcept {
  // A copy, since the callback may end its own watch.
  const auto callback = static_cast<Watch::State*>(userdata)->callback;
  callback();
  return 0;
}

int call_on_time(sd_event_source*, std::uint64_t, void* userdata) noexcept {
  const auto callback = static_cast<Watch::State*>(userdata)->callback;
  callback();
  return 0;
}

Error event_error(const std::string& what, int r) {
  return cannot_run("cannot " + what + ": " + errno_text(-r));
}

}  // namespace

Result<std::unique_ptr<EventLoop>> EventLoop::create() {
  sd_event* event = nullptr;
  const int r = sd_event_new(&event);
  if (r < 0) return event_error("make an event loop", r);
  return std::unique_ptr<EventLoop>(new EventLoop(event));
}

EventLoop::~EventLoop() { sd_event_unref(event_); }

Result<Watch> EventLoop::on_readable(int fd, std::function<void()> callback) {
  auto state = std::make_unique<Watch::State>(std::move(callback));
  sd_event_source* source = nullptr;
  const int r = sd_event_add_io(event_, &source, fd, EPOLLIN, call_on_io, state.get());
  if (r < 0) return event_error("watch a descriptor", r);
  state->source.reset(source);
  return Watch(std::move(state));
}

Result<Watch> EventLoop::after(std::chrono::milliseconds delay, std::function<void()> callback) {
  auto state = std::make_unique<Watch::State>(std::move(callback));
  sd_event_source* source = nullptr;
  // From now on: sd_event_add_time_relative(3) counts from when the loop last woke up, and much may
  // have been waited for since then.
  const auto end = std::chrono::steady_clock::now().time_since_epoch() + delay;
  const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(end).count();
  const int r =
      sd_event_add_time(event_, &source, CLOCK_MONOTONIC, static_cast<std::uint64_t>(microseconds),
                        0, call_on_time, state.get());
  if (r < 0) return event_error("set a timer", r);
  state->source.reset(source);
  return Watch(std::move(state));
}

Result<bool> EventLoop::run_until(const std::function<bool()>& done,
                                  std::chrono::milliseconds limit) {
  bool time_is_up = false;
  auto timer = after(limit, [&time_is_up] { time_is_up = true; });
  if (!timer) return timer.error();
  for (;;) {
    take_what_is_there();
    if (done()) return true;
    if (time_is_up) return false;
    const int r = sd_event_run(event_, UINT64_MAX);
    if (r < 0) return event_error("wait for events", r);
  }
}

std::shared_ptr<void> EventLoop::before_waiting(std::function<void()> callback) {
  auto shared = std::make_shared<std::function<void()>>(std::move(callback));
  before_waiting_.push_back(shared);
  return shared;
}

void EventLoop::take_what_is_there() {
  std::erase_if(before_waiting_, [](const auto& callback) { return callback.expired(); });
  // A copy, since a callback may add another.
  for (const auto& each : std::vector(before_waiting_)) {
    if (const auto callback = each.lock()) (*callback)();
  }
}

}  // namespace sandproof::bus
