// Runs many attempts in one transient unit. It says `ready`, then reads attempts from standard
// input: fields that each end with a NUL, a path and its arguments, and an empty field after the
// last. Around what attempt N itself writes to the same standard output, it writes
//
//     @begin N
//     @end N exited 20      or      @end N killed 31
//
// A sandbox judges this program as well, so it uses six system calls: read, write, clone, execve,
// wait4 and exit_group. Its own exit status tells a test of the runner, or the harness, what ended
// it.

#include "kit/program.h"
#include "kit/sys.h"
#include "kit/text.h"

namespace {

constexpr int no_more_attempts = 0;
constexpr int cannot_fork = 25;
constexpr int broken_input = 26;
constexpr int cannot_report = 27;

constexpr int cannot_execute = 23;

// An attempt and its NULs; the shortest field is one byte and its NUL.
constexpr size_t most_bytes = 8192;
constexpr size_t most_fields = most_bytes / 2;

// Lines that nobody has been told yet: the end of an attempt goes out with the beginning of the
// next, and the reader is woken once for both.
probe::Text untold;

void tell() {
  if (untold.size() == 0) return;
  if (untold.write_out() < 0) sys::exit_group(cannot_report);
  untold.clear();
}

[[noreturn]] void give_up(const char* line, int status) {
  untold.add(line);
  tell();
  sys::exit_group(status);
}

// The attempts that have been read and not yet been run.
class Input {
 public:
  // The fields of the next attempt, ended by a nullptr. They are good until the next call. Where
  // there is no next attempt, the process ends.
  char** next() {
    discard(used_);
    size_t scanned = 0;
    size_t fields = 0;
    size_t field_start = 0;
    for (;;) {
      for (; scanned < size_; ++scanned) {
        if (bytes_[scanned] != '\0') continue;
        if (scanned == field_start) {
          if (fields == 0) give_up("@broken no path\n", broken_input);
          used_ = scanned + 1;
          fields_[fields] = nullptr;
          return fields_;
        }
        fields_[fields++] = bytes_ + field_start;
        field_start = scanned + 1;
      }
      if (size_ == most_bytes) give_up("@broken too long\n", broken_input);
      refill();
    }
  }

 private:
  void discard(size_t count) {
    for (size_t i = count; i < size_; ++i) bytes_[i - count] = bytes_[i];
    size_ -= count;
    used_ = 0;
  }

  void refill() {
    tell();
    long r = 0;
    do {
      r = sys::read(0, bytes_ + size_, most_bytes - size_);
    } while (r == -EINTR);
    if (r < 0) give_up("@broken cannot read\n", broken_input);
    if (r == 0 && size_ > 0) give_up("@broken cut short\n", broken_input);
    if (r == 0) sys::exit_group(no_more_attempts);
    size_ += static_cast<size_t>(r);
  }

  size_t size_ = 0;
  size_t used_ = 0;
  char* fields_[most_fields + 1] = {};
  char bytes_[most_bytes] = {};
};

// The status as wait4(2) tells it.
int wait_for(int child) {
  for (;;) {
    int status = 0;
    const long r = sys::wait4(child, &status, 0);
    if (r == child) return status;
    if (r != -EINTR) give_up("@broken cannot wait\n", broken_input);
  }
}

}  // namespace

int program(probe::Args args) {
  static Input input;
  untold.add("ready\n");
  for (long number = 0;; ++number) {
    char** fields = input.next();
    untold.add("@begin ").add_number(number).add('\n');
    tell();

    long failure = 0;
    const long child =
        sys::spawn({fields[0], fields, args.environment()}, cannot_execute, &failure);
    if (child < 0) {
      untold.add("@nofork ").add_errno(static_cast<int>(-child)).add('\n');
      tell();
      return cannot_fork;
    }

    const int status = wait_for(static_cast<int>(child));
    if (failure < 0) {
      untold.add("unable cannot execute: ").add_errno(static_cast<int>(-failure)).add('\n');
    }
    const int signal = status & 0x7f;
    const int exited = (status >> 8) & 0xff;
    untold.add("@end ")
        .add_number(number)
        .add(signal != 0 ? " killed " : " exited ")
        .add_number(signal != 0 ? signal : exited)
        .add('\n');
  }
}
