// What is known of the machine when the harness is built; the probes are built with it.
#pragma once

namespace sandproof::guarantee {

#if defined(__x86_64__)
inline constexpr bool is_x86_64 = true;
#else
inline constexpr bool is_x86_64 = false;
#endif

}  // namespace sandproof::guarantee
