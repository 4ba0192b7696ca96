// setrlimit(2) of a hard limit to one more than VALUE: CAP_SYS_RESOURCE may, in the first user
// namespace. One that is there already is left alone, and may be had.

#include "kit/probe.h"
#include "limit/resource_of.h"

constexpr probe::Card card{
    .id = "raise-hard-limit",
    .attempts = "prlimit64(0, RESOURCE, {the soft limit, VALUE + 1})",
    .arguments = "RESOURCE VALUE",
    .harmless_because = "the limits are the probe's own",
    .denied_with = {EPERM},
};

probe::Outcome attempt(probe::Args args) {
  const probe::Number value = args.number(1);
  const int resource = limit::resource_of(args[0]);
  if (!value.valid || resource < 0) return probe::usage();
  struct rlimit limit;
  const long r = sys::prlimit64(0, resource, nullptr, &limit);
  if (r < 0) return probe::judge(card, r);
  const auto wanted = static_cast<unsigned long>(value.value) + 1;
  if (limit.rlim_max >= wanted) return probe::allowed();
  limit.rlim_max = wanted;
  return probe::judge(card, sys::prlimit64(0, resource, &limit, nullptr));
}
