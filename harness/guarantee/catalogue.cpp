#include <algorithm>
#include <array>

#include "guarantee/families.h"
#include "guarantee/guarantee.h"

namespace sandproof::guarantee {

namespace {

std::array<std::span<const Guarantee>, 15> families() {
  return {path_guarantees(),        directory_guarantees(),  identity_guarantees(),
          process_guarantees(),     capability_guarantees(), kernel_guarantees(),
          device_guarantees(),      network_guarantees(),    restriction_guarantees(),
          system_call_guarantees(), limit_guarantees(),      resource_guarantees(),
          environment_guarantees(), image_guarantees(),      attribute_guarantees()};
}

}  // namespace

std::optional<Promise> promise_of(std::string_view directive, const Subject& subject) {
  for (const auto& family : families()) {
    for (const auto& guarantee : family) {
      if (guarantee.directive != directive) continue;
      if (guarantee.promise == nullptr) {
        return Promise::untestable(std::string(guarantee.untestable_because));
      }
      Promise promise = guarantee.promise(subject);
      for (auto& expectation : promise.attempts) expectation.directive = directive;
      return promise;
    }
  }
  return std::nullopt;
}

std::vector<std::string_view> covered_directives() {
  std::vector<std::string_view> names;
  for (const auto& family : families()) {
    for (const auto& guarantee : family) {
      if (guarantee.promise != nullptr) names.push_back(guarantee.directive);
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::map<std::string_view, std::string_view> untestable_directives() {
  std::map<std::string_view, std::string_view> reasons;
  for (const auto& family : families()) {
    for (const auto& guarantee : family) {
      if (guarantee.promise == nullptr) {
        reasons.emplace(guarantee.directive, guarantee.untestable_because);
      }
    }
  }
  return reasons;
}

}  // namespace sandproof::guarantee
