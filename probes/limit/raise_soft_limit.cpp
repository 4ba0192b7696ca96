// setrlimit(2) of a soft limit to one more than VALUE, and of nothing else: any process may have
// it as high as its hard limit, and above that the kernel says that it makes no sense.

#include "kit/probe.h"
#include "limit/resource_of.h"

constexpr probe::Card card{
    .id = "raise-soft-limit",
    .attempts = "prlimit64(0, RESOURCE, {VALUE + 1, the hard limit})",
    .arguments = "RESOURCE VALUE",
    .harmless_because = "the limits are the probe's own",
    .denied_with = {EINVAL, EPERM},
};

probe::Outcome attempt(probe::Args args) {
  const probe::Number value = args.number(1);
  const int resource = limit::resource_of(args[0]);
  if (!value.valid || resource < 0) return probe::usage();
  struct rlimit limit;
  const long r = sys::prlimit64(0, resource, nullptr, &limit);
  if (r < 0) return probe::judge(card, r);
  limit.rlim_cur = static_cast<unsigned long>(value.value) + 1;
  return probe::judge(card, sys::prlimit64(0, resource, &limit, nullptr));
}
