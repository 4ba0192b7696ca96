#include "bus/values.h"

#include <cstdint>
#include <cstring>
#include <limits>

#include "base/names.h"

namespace sandproof::bus {

namespace {

// append_basic() takes a pointer to the C type of the D-Bus type.
template <typename T>
int append_number(sd_bus_message* message, char type, auto number) {
  const T converted = static_cast<T>(number);
  return sd_bus_message_append_basic(message, type, &converted);
}

int append_basic(sd_bus_message* message, const Value& value) {
  const char type = value.signature[0];
  switch (type) {
    case 'b':
      return append_number<int>(message, type, std::get<bool>(value.data));
    case 'n':
      return append_number<std::int16_t>(message, type, std::get<std::int64_t>(value.data));
    case 'i':
    case 'h':
      return append_number<std::int32_t>(message, type, std::get<std::int64_t>(value.data));
    case 'x':
      return append_number<std::int64_t>(message, type, std::get<std::int64_t>(value.data));
    case 'y':
      return append_number<std::uint8_t>(message, type, std::get<std::uint64_t>(value.data));
    case 'q':
      return append_number<std::uint16_t>(message, type, std::get<std::uint64_t>(value.data));
    case 'u':
      return append_number<std::uint32_t>(message, type, std::get<std::uint64_t>(value.data));
    case 't':
      return append_number<std::uint64_t>(message, type, std::get<std::uint64_t>(value.data));
    case 'd':
      return append_number<double>(message, type, std::get<double>(value.data));
    default:
      return sd_bus_message_append_basic(message, type, std::get<std::string>(value.data).c_str());
  }
}

// What stands inside of a container's signature: "as" → "s", "(bas)" → "bas".
std::string contents_of(const std::string& signature) {
  if (signature[0] == 'a') return signature.substr(1);
  return signature.substr(1, signature.size() - 2);
}

char container_type(const std::string& signature) {
  switch (signature[0]) {
    case '(':
      return SD_BUS_TYPE_STRUCT;
    case '{':
      return SD_BUS_TYPE_DICT_ENTRY;
    default:
      return signature[0];
  }
}

bool is_container(const std::string& signature) {
  return std::strchr("a({v", signature[0]) != nullptr;
}

}  // namespace

int append(sd_bus_message* message, const Value& value) {
  if (!is_container(value.signature)) return append_basic(message, value);
  const std::string contents =
      value.signature == "v" ? value.elements().at(0).signature : contents_of(value.signature);
  int r = sd_bus_message_open_container(message, container_type(value.signature), contents.c_str());
  if (r < 0) return r;
  for (const auto& element : value.elements()) {
    r = append(message, element);
    if (r < 0) return r;
  }
  return sd_bus_message_close_container(message);
}

namespace {

Error read_error(int r) {
  return cannot_run("cannot read a message of systemd: " + errno_text(-r));
}

template <typename T, typename Wide>
Result<Value> read_number(sd_bus_message* message, char type) {
  T number{};
  const int r = sd_bus_message_read_basic(message, type, &number);
  if (r < 0) return read_error(r);
  return Value{std::string(1, type), static_cast<Wide>(number)};
}

Result<Value> read_text(sd_bus_message* message, char type) {
  const char* text = nullptr;
  const int r = sd_bus_message_read_basic(message, type, &text);
  if (r < 0) return read_error(r);
  return Value{std::string(1, type), std::string(text)};
}

Result<Value> read_basic(sd_bus_message* message, char type) {
  switch (type) {
    case 'b': {
      int flag = 0;
      const int r = sd_bus_message_read_basic(message, type, &flag);
      if (r < 0) return read_error(r);
      return Value::boolean(flag != 0);
    }
    case 'n':
      return read_number<std::int16_t, std::int64_t>(message, type);
    case 'i':
    case 'h':
      return read_number<std::int32_t, std::int64_t>(message, type);
    case 'x':
      return read_number<std::int64_t, std::int64_t>(message, type);
    case 'y':
      return read_number<std::uint8_t, std::uint64_t>(message, type);
    case 'q':
      return read_number<std::uint16_t, std::uint64_t>(message, type);
    case 'u':
      return read_number<std::uint32_t, std::uint64_t>(message, type);
    case 't':
      return read_number<std::uint64_t, std::uint64_t>(message, type);
    case 'd':
      return read_number<double, double>(message, type);
    default:
      return read_text(message, type);
  }
}

std::string signature_of(char type, const std::string& contents) {
  switch (type) {
    case SD_BUS_TYPE_STRUCT:
      return "(" + contents + ")";
    case SD_BUS_TYPE_DICT_ENTRY:
      return "{" + contents + "}";
    case SD_BUS_TYPE_VARIANT:
      return "v";
    default:
      return std::string(1, type) + contents;
  }
}

}  // namespace

Result<Value> read(sd_bus_message* message) {
  char type = 0;
  const char* inner = nullptr;
  int r = sd_bus_message_peek_type(message, &type, &inner);
  if (r < 0) return read_error(r);
  if (r == 0) return read_error(-ENODATA);
  if (inner == nullptr) return read_basic(message, type);

  const std::string contents = inner;
  r = sd_bus_message_enter_container(message, type, contents.c_str());
  if (r < 0) return read_error(r);
  std::vector<Value> elements;
  while (sd_bus_message_at_end(message, 0) == 0) {
    auto element = read(message);
    if (!element) return element;
    elements.push_back(*std::move(element));
  }
  r = sd_bus_message_exit_container(message);
  if (r < 0) return read_error(r);
  return Value{signature_of(type, contents), std::move(elements)};
}

namespace {

// What a variant holds.
Result<Value> read_variant(sd_bus_message* message) {
  const char* contents = nullptr;
  int r = sd_bus_message_peek_type(message, nullptr, &contents);
  if (r < 0) return read_error(r);
  r = sd_bus_message_enter_container(message, SD_BUS_TYPE_VARIANT, contents);
  if (r < 0) return read_error(r);
  auto value = read(message);
  if (!value) return value;
  r = sd_bus_message_exit_container(message);
  if (r < 0) return read_error(r);
  return value;
}

}  // namespace

Result<Properties> read_properties(sd_bus_message* message) {
  int r = sd_bus_message_enter_container(message, SD_BUS_TYPE_ARRAY, "{sv}");
  if (r < 0) return read_error(r);
  Properties properties;
  while ((r = sd_bus_message_enter_container(message, SD_BUS_TYPE_DICT_ENTRY, "sv")) > 0) {
    const char* name = nullptr;
    r = sd_bus_message_read_basic(message, SD_BUS_TYPE_STRING, &name);
    if (r < 0) return read_error(r);
    auto value = read_variant(message);
    if (!value) return value.error();
    properties.insert_or_assign(name, *std::move(value));
    r = sd_bus_message_exit_container(message);
    if (r < 0) return read_error(r);
  }
  if (r >= 0) r = sd_bus_message_exit_container(message);
  if (r < 0) return read_error(r);
  return properties;
}

}  // namespace sandproof::bus
