// What a program was started with: a view of the kernel's own memory, no copies.

#pragma once

#include <stddef.h>

namespace probe {

struct Number {
  bool valid = false;
  long value = 0;
};

// A whole decimal number, perhaps negative, and nothing after it.
Number parse_number(const char* text);

class Args {
 public:
  Args(size_t count, char** argv, char** environment)
      : count_(count), argv_(argv), environment_(environment) {}

  // The arguments, without the program's own name.
  size_t size() const { return count_ == 0 ? 0 : count_ - 1; }
  const char* operator[](size_t index) const { return argv_[index + 1]; }
  Number number(size_t index) const { return parse_number((*this)[index]); }
  // The path that the program was started by.
  const char* program() const { return argv_[0]; }
  // The arguments from one on, ended by a nullptr, as execve(2) takes them; they may be changed.
  char** from(size_t index) const { return argv_ + 1 + index; }

  // The value of an environment variable, or nullptr.
  const char* environment(const char* name) const;
  char** environment() const { return environment_; }

  // Sixteen hexadecimal digits that no other process has, without asking the kernel: it puts random
  // bytes beside each program's arguments (AT_RANDOM in getauxval(3)).
  struct Token {
    char text[17];
  };
  Token token() const;

 private:
  size_t count_;
  char** argv_;
  char** environment_;
};

}  // namespace probe
