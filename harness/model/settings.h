// A unit's settings: the effective value of every property that systemd has for a service, and
// which of them differ from the pristine unit's (a unit with nothing but an ExecStart=).
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/value.h"

namespace sandproof {

using Properties = std::map<std::string, Value, std::less<>>;

// A list with a sense: RestrictAddressFamilies=AF_INET (an allow list), =~AF_NETLINK (a deny list).
struct FilterList {
  bool allow_list = false;
  std::vector<std::string> names;
};

class Settings {
 public:
  Settings() = default;
  Settings(Properties all, const Properties& pristine);

  // The properties whose value differs from the pristine unit's: what a clone copies.
  const std::set<std::string, std::less<>>& changed() const { return changed_; }
  bool is_changed(std::string_view name) const { return changed_.contains(name); }
  const Properties& all() const { return all_; }
  // Null where this systemd has no such property.
  const Value* find(std::string_view name) const;

  // The value of a property, or the type's empty value where this systemd does not have it.
  bool boolean(std::string_view name) const;
  std::uint64_t number(std::string_view name) const;
  std::string text(std::string_view name) const;
  std::vector<std::string> texts(std::string_view name) const;
  FilterList filter(std::string_view name) const;

  // A copy with properties changed, or one put back to the pristine unit's: an ablation, or the
  // same sandbox for another user.
  Settings with(const Properties& changes) const;
  Settings with(const std::string& name, Value value) const;
  Settings without(const std::string& name) const;

 private:
  Properties all_;
  Properties pristine_;
  std::set<std::string, std::less<>> changed_;
};

}  // namespace sandproof
