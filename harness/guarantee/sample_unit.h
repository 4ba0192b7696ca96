// A unit for the tests of guarantees, put together from the properties that the test is about:
//
//   SampleUnit unit;
//   unit.set("ProtectClock");
//   unit.attempts("ProtectClock")  // {"query-clock: denied EPERM", …}
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "guarantee/doors_around.h"
#include "guarantee/guarantee.h"

namespace sandproof::guarantee {

class SampleUnit {
 public:
  SampleUnit& set(const std::string& name, Value value) {
    properties_.insert_or_assign(name, std::move(value));
    return *this;
  }
  SampleUnit& set(const std::string& name) { return set(name, Value::boolean(true)); }
  // "~AF_NETLINK AF_UNIX", or without the ~ an allow list.
  SampleUnit& set_filter(const std::string& name, std::string list) {
    const bool deny = list.starts_with('~');
    if (deny) list.erase(0, 1);
    return set(name, {"(bas)", std::vector{Value::boolean(!deny), Value::texts(words(list))}});
  }

  Promise promise(std::string_view directive) const {
    const Settings settings(properties_, {});
    auto promised = promise_of(directive, subject_of(settings));
    return promised ? *std::move(promised) : Promise::untestable("no guarantee");
  }

  std::vector<Expectation> doors_around(std::string_view directive) const {
    const Settings settings(properties_, {});
    return guarantee::doors_around(directive, promise(directive), subject_of(settings));
  }

  // "set-time: denied EPERM", "bind-port 80: allowed", "clone3 user: denied ENOSYS by clone3".
  std::vector<std::string> attempts(std::string_view directive) const {
    return attempts(directive, [](const Expectation&) { return true; });
  }
  // Without the side doors.
  std::vector<std::string> fronts(std::string_view directive) const {
    return attempts(directive, [](const Expectation& each) { return each.is_front(); });
  }

  int systemd = 252;
  std::string user = "nobody";
  std::string writable_folder = "/dev/shm";
  std::string privileged_folder;
  bool has_every_file = true;
  bool makes_directories = true;
  // Of a user manager's unit.
  DirectoryParents parents;
  std::string home;
  Bystander bystander = [] {
    Bystander outside;
    outside.tcp_port = "4711";
    outside.abstract_socket = "sandproof";
    return outside;
  }();

 private:
  std::vector<std::string> attempts(std::string_view directive,
                                    bool (*is_wanted)(const Expectation&)) const {
    std::vector<std::string> result;
    for (const auto& expectation : promise(directive).attempts) {
      if (!is_wanted(expectation)) continue;
      std::vector<std::string> outcomes;
      for (const auto& outcome : expectation.promised) outcomes.push_back(to_string(outcome));
      std::string line = to_string(expectation.attempt) + ": ";
      line += expectation.must == Must::allowed ? "allowed" : join(outcomes, " or ");
      if (!expectation.is_front()) line += " by " + expectation.side_door;
      result.push_back(std::move(line));
    }
    return result;
  }

  Subject subject_of(const Settings& settings) const {
    return {.settings = settings,
            .systemd = systemd,
            .user = user,
            .bystander = bystander,
            .writable_folder = writable_folder,
            .exists = [is_there = has_every_file](const std::string&) { return is_there; },
            .place_of =
                [](const std::string& path) {
                  return std::optional<Place>({"66", path, "1", "ab"});
                },
            .privileged_folder = privileged_folder,
            .makes_directories = makes_directories,
            .parents = parents,
            .home = home};
  }

  Properties properties_;
};

}  // namespace sandproof::guarantee
