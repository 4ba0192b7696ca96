# project_warnings: for every target of ours, linked PRIVATE, so that it stays with us.

# A compiler newer than the ones in CI may warn about code that is sound; whoever only builds
# should not be stopped by that.
if(DEFINED ENV{CI})
  set(werror_default ON)
else()
  set(werror_default OFF)
endif()
option(SANDPROOF_WERROR "Treat warnings as errors" ${werror_default})

add_library(project_warnings INTERFACE)
target_compile_options(project_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
if(SANDPROOF_WERROR)
  target_compile_options(project_warnings INTERFACE -Werror)
endif()
