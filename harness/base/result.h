// A value or the reason why there is none. The member names are std::expected's, so that C++23
// makes this an alias. The text of an error is written where the failure is known; each caller
// prefixes its own clause: "cannot check x.service: cannot connect to the system bus: …".
#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace sandproof {

struct Error {
  // The exit statuses of the command line: what the user gave is wrong, or this machine cannot.
  enum class Kind { bad_input = 2, cannot_run = 3 };

  Kind kind = Kind::cannot_run;
  std::string message;

  Error with_prefix(const std::string& clause) const { return {kind, clause + ": " + message}; }
};

inline Error bad_input(std::string message) { return {Error::Kind::bad_input, std::move(message)}; }
inline Error cannot_run(std::string message) {
  return {Error::Kind::cannot_run, std::move(message)};
}

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}
  Result(Error error) : state_(std::move(error)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const {
    assert(!has_value());
    return std::get<1>(state_);
  }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : state_(std::move(error)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }
  const Error& error() const {
    assert(!has_value());
    return std::get<1>(state_);
  }

 private:
  std::variant<std::monostate, Error> state_;
};

}  // namespace sandproof
