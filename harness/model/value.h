// The value of a unit's property as it stands on D-Bus, of any type: what systemd parsed, in a form
// that can be compared and handed back to StartTransientUnit() without a table of types.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace sandproof {

struct Value {
  // The D-Bus signature: "b", "as", "(bas)", …. It decides which member of `data` is in use:
  // b → bool; n i x h → int64_t; y q u t → uint64_t; d → double; s o g → std::string;
  // containers → their elements.
  std::string signature;
  std::variant<bool, std::int64_t, std::uint64_t, double, std::string, std::vector<Value>> data;

  bool operator==(const Value&) const = default;

  static Value boolean(bool value) { return {"b", value}; }
  static Value text(std::string value) { return {"s", std::move(value)}; }
  static Value unsigned_64(std::uint64_t value) { return {"t", value}; }
  static Value unsigned_32(std::uint32_t value) { return {"u", std::uint64_t{value}}; }
  static Value descriptor(int fd) { return {"h", std::int64_t{fd}}; }
  static Value texts(const std::vector<std::string>& values);

  const std::vector<Value>& elements() const { return std::get<std::vector<Value>>(data); }
  bool is_container() const { return std::holds_alternative<std::vector<Value>>(data); }
};

// For people: "yes", "strict", "AF_INET AF_INET6", "(…)".
std::string to_string(const Value& value);

}  // namespace sandproof
