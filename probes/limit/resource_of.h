// The resources of setrlimit(2), by their names without the RLIMIT_.
#pragma once

#include "kit/probe.h"

namespace limit {

inline int resource_of(const char* name) {
  struct Resource {
    char name[12];
    int number;
  };
  constexpr Resource resources[] = {
      {"AS", RLIMIT_AS},           {"CORE", RLIMIT_CORE},
      {"CPU", RLIMIT_CPU},         {"DATA", RLIMIT_DATA},
      {"FSIZE", RLIMIT_FSIZE},     {"LOCKS", RLIMIT_LOCKS},
      {"MEMLOCK", RLIMIT_MEMLOCK}, {"MSGQUEUE", RLIMIT_MSGQUEUE},
      {"NICE", RLIMIT_NICE},       {"NOFILE", RLIMIT_NOFILE},
      {"NPROC", RLIMIT_NPROC},     {"RSS", RLIMIT_RSS},
      {"RTPRIO", RLIMIT_RTPRIO},   {"RTTIME", RLIMIT_RTTIME},
      {"STACK", RLIMIT_STACK},     {"SIGPENDING", RLIMIT_SIGPENDING},
  };
  for (const Resource& resource : resources) {
    if (probe::equal(name, resource.name)) return resource.number;
  }
  return -1;
}

}  // namespace limit
