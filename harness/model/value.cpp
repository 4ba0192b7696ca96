#include "model/value.h"

#include <type_traits>

namespace sandproof {

Value Value::texts(const std::vector<std::string>& values) {
  std::vector<Value> elements;
  elements.reserve(values.size());
  for (const auto& value : values) elements.push_back(text(value));
  return {"as", std::move(elements)};
}

std::string to_string(const Value& value) {
  return std::visit(
      [](const auto& data) -> std::string {
        using Data = std::decay_t<decltype(data)>;
        if constexpr (std::is_same_v<Data, bool>) {
          return data ? "yes" : "no";
        } else if constexpr (std::is_same_v<Data, std::string>) {
          return data;
        } else if constexpr (std::is_same_v<Data, std::vector<Value>>) {
          std::string text;
          for (const auto& element : data) {
            if (!text.empty()) text += ' ';
            text += to_string(element);
          }
          return text;
        } else {
          return std::to_string(data);
        }
      },
      value.data);
}

}  // namespace sandproof
