#include "model/settings.h"

#include <utility>

namespace sandproof {

Settings::Settings(Properties all, const Properties& pristine)
    : all_(std::move(all)), pristine_(pristine) {
  for (const auto& [name, value] : all_) {
    const auto other = pristine_.find(name);
    if (other == pristine_.end() || !(other->second == value)) changed_.insert(name);
  }
}

const Value* Settings::find(std::string_view name) const {
  const auto found = all_.find(name);
  return found == all_.end() ? nullptr : &found->second;
}

namespace {

template <typename T>
T data_or_empty(const Value* value) {
  const T* data = value == nullptr ? nullptr : std::get_if<T>(&value->data);
  return data == nullptr ? T{} : *data;
}

std::vector<std::string> texts_of(const Value& list) {
  std::vector<std::string> result;
  for (const auto& element : list.elements()) result.push_back(to_string(element));
  return result;
}

}  // namespace

bool Settings::boolean(std::string_view name) const { return data_or_empty<bool>(find(name)); }

std::uint64_t Settings::number(std::string_view name) const {
  const Value* value = find(name);
  if (value != nullptr && std::holds_alternative<std::int64_t>(value->data)) {
    return static_cast<std::uint64_t>(std::get<std::int64_t>(value->data));
  }
  return data_or_empty<std::uint64_t>(value);
}

std::string Settings::text(std::string_view name) const {
  return data_or_empty<std::string>(find(name));
}

std::vector<std::string> Settings::texts(std::string_view name) const {
  const Value* value = find(name);
  if (value == nullptr || !value->is_container()) return {};
  return texts_of(*value);
}

FilterList Settings::filter(std::string_view name) const {
  const Value* value = find(name);
  if (value == nullptr || !value->is_container() || value->elements().size() != 2) return {};
  const auto& parts = value->elements();
  if (!parts[1].is_container()) return {};
  return {data_or_empty<bool>(&parts[0]), texts_of(parts[1])};
}

Settings Settings::with(const Properties& changes) const {
  Properties all = changes;
  all.insert(all_.begin(), all_.end());
  return Settings(std::move(all), pristine_);
}

Settings Settings::with(const std::string& name, Value value) const {
  return with(Properties{{name, std::move(value)}});
}

Settings Settings::without(const std::string& name) const {
  Properties all = all_;
  const auto pristine = pristine_.find(name);
  if (pristine == pristine_.end()) {
    all.erase(name);
  } else {
    all.insert_or_assign(name, pristine->second);
  }
  return Settings(std::move(all), pristine_);
}

}  // namespace sandproof
