#include "kit/ring.h"

namespace probe {

RingResult request_by_ring(const Card& card, const io_uring_sqe& request) {
  const auto failed = [](const Outcome& outcome) { return RingResult{.failure = outcome}; };
  io_uring_params parameters{};
  const long ring = sys::call(__NR_io_uring_setup, 1, &parameters);
  if (ring < 0) return failed(judge(card, ring));
  const auto fd = static_cast<int>(ring);
  // A page is more than enough for a ring of one entry.
  const auto map = [fd](off_t offset) {
    return sys::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);
  };
  // Since 5.4 both rings are in the first mapping.
  if ((parameters.features & IORING_FEAT_SINGLE_MMAP) == 0) return failed(unable("old io_uring"));
  const long rings = map(IORING_OFF_SQ_RING);
  if (rings < 0) return failed(unable("mmap of the rings", rings));
  const long entries = map(IORING_OFF_SQES);
  if (entries < 0) return failed(unable("mmap of the entries", entries));

  *reinterpret_cast<io_uring_sqe*>(entries) = request;
  const auto at = [rings](uint32_t offset) { return reinterpret_cast<uint32_t*>(rings + offset); };
  *at(parameters.sq_off.array) = 0;
  __atomic_store_n(at(parameters.sq_off.tail), 1, __ATOMIC_RELEASE);

  const long submitted = sys::call(__NR_io_uring_enter, fd, 1, 1, IORING_ENTER_GETEVENTS);
  if (submitted < 0) return failed(judge(card, submitted));
  if (__atomic_load_n(at(parameters.cq_off.tail), __ATOMIC_ACQUIRE) == 0) {
    return failed(unable("no completion"));
  }
  const auto* completion = reinterpret_cast<io_uring_cqe*>(rings + parameters.cq_off.cqes);
  return {.is_made = true, .result = completion->res};
}

}  // namespace probe
