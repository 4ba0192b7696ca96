#include "guarantee/group_doors.h"

#include <algorithm>

#include "guarantee/expect.h"
#include "guarantee/own_namespace.h"

namespace sandproof::guarantee {

namespace {

constexpr auto tree = "/sys/fs/cgroup";

}  // namespace

Attempt from_another_group(const std::string& way, const Attempt& attempt) {
  Attempt result{"leave-group", {way, attempt.probe}};
  result.args.insert(result.args.end(), attempt.args.begin(), attempt.args.end());
  return result;
}

void add_group_doors(Promise& promise, const Subject& subject) {
  const auto front = std::find_if(
      promise.attempts.begin(), promise.attempts.end(),
      [](const Expectation& each) { return each.must == Must::denied && each.is_front(); });
  if (front == promise.attempts.end()) return;
  const Attempt attempt = front->attempt;
  promise.attempts.push_back(side_door("another control group", from_another_group(tree, attempt),
                                       {denied(EROFS)}, "ProtectControlGroups=yes"));
  promise.attempts.push_back(side_door("another control group, by a cgroup2 of its own",
                                       from_another_group("fresh", attempt), {denied(EPERM)},
                                       "CapabilityBoundingSet=~CAP_SYS_ADMIN"));
  if (has_own_pid_1(subject.settings)) return;
  promise.attempts.push_back(
      side_door("another control group, by the root of PID 1",
                from_another_group(std::string("/proc/1/root") + tree, attempt), {denied(EACCES)},
                "CapabilityBoundingSet=~CAP_SYS_PTRACE"));
}

}  // namespace sandproof::guarantee
