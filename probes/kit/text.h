// Output, put together in place and written with one write(2).

#pragma once

#include <stddef.h>

namespace probe {

bool equal(const char* a, const char* b);

// What follows `prefix` in `text`, or nullptr where it does not begin so.
const char* after_prefix(const char* text, const char* prefix);

// What does not fit is left out: room for the longest card with some to spare.
class Text {
 public:
  Text& add(const char* text);
  Text& add(char letter);
  Text& add_number(long value);
  // EPERM for 1; the number itself where it has no name.
  Text& add_errno(int error);
  // In quotes, escaped as JSON asks.
  Text& add_json(const char* text);

  const char* c_str() const { return buffer_; }
  size_t size() const { return size_; }

  // Writes it all to standard output; 0 or a negative errno.
  long write_out() const;
  void clear() { *this = Text(); }

 private:
  size_t size_ = 0;
  char buffer_[4096] = {};
};

}  // namespace probe
