# harness_settings: for the harness and its tests, never for probes. A probe has no C library for a
# sanitizer's runtime to live in, and its extra system calls would be judged with the attempt.

set(SANDPROOF_SANITIZE "" CACHE STRING "Sanitizers for the harness, as in -fsanitize=")

add_library(harness_settings INTERFACE)
if(SANDPROOF_SANITIZE)
  target_compile_options(
    harness_settings INTERFACE -fsanitize=${SANDPROOF_SANITIZE} -fno-sanitize-recover=all
                               -fno-omit-frame-pointer)
  target_link_options(harness_settings INTERFACE -fsanitize=${SANDPROOF_SANITIZE})
endif()
