#include "kit/text.h"

#include "kit/names.h"
#include "kit/sys.h"

namespace probe {

bool equal(const char* a, const char* b) {
  const char* rest = after_prefix(a, b);
  return rest != nullptr && *rest == '\0';
}

const char* after_prefix(const char* text, const char* prefix) {
  for (; *prefix != '\0'; ++text, ++prefix) {
    if (*text != *prefix) return nullptr;
  }
  return text;
}

Text& Text::add(const char* text) {
  while (*text != '\0') add(*text++);
  return *this;
}

Text& Text::add(char letter) {
  // The last byte stays a NUL.
  if (size_ + 1 < sizeof buffer_) buffer_[size_++] = letter;
  return *this;
}

Text& Text::add_number(long value) {
  char digits[21];
  size_t first = sizeof digits;
  const bool negative = value < 0;
  auto rest = static_cast<unsigned long>(value);
  if (negative) rest = 0 - rest;
  digits[--first] = '\0';
  do {
    digits[--first] = static_cast<char>('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  if (negative) add('-');
  return add(digits + first);
}

Text& Text::add_errno(int error) {
  const char* name = errno_name(error);
  return name == nullptr ? add_number(error) : add(name);
}

Text& Text::add_json(const char* text) {
  add('"');
  for (; *text != '\0'; ++text) {
    const auto letter = static_cast<unsigned char>(*text);
    if (letter < 0x20) {
      constexpr char hex[] = "0123456789abcdef";
      add("\\u00").add(hex[letter >> 4]).add(hex[letter & 0xf]);
      continue;
    }
    if (letter == '"' || letter == '\\') add('\\');
    add(*text);
  }
  return add('"');
}

long Text::write_out() const {
  size_t written = 0;
  while (written < size_) {
    const long r = sys::write(1, buffer_ + written, size_ - written);
    if (r == -EINTR) continue;
    if (r < 0) return r;
    written += static_cast<size_t>(r);
  }
  return 0;
}

}  // namespace probe
