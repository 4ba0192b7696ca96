// What io_uring does for a process: the kernel carries out a request, and no seccomp filter is
// asked about the system call that it stands for.

#pragma once

#include <linux/io_uring.h>

#include "kit/probe.h"

namespace probe {

// A request that could not be handed over, or the negative errno or the value that it ended with.
struct RingResult {
  bool is_made = false;
  Outcome failure = {};
  long result = 0;
};

// Makes one request on a ring of its own. EPERM and EACCES of io_uring_setup(2), which a filter has
// for it, or the sysctl kernel.io_uring_disabled, are judged by the card.
RingResult request_by_ring(const Card& card, const io_uring_sqe& request);

}  // namespace probe
