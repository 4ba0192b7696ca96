# Everything that comes from outside. scripts/setup installs it; nothing is downloaded here.

option(SANDPROOF_BENCH "Build the benchmarks (needs Google Benchmark)" OFF)

find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Boost 1.74 REQUIRED COMPONENTS context filesystem)
find_package(PkgConfig REQUIRED)
pkg_check_modules(libsystemd REQUIRED IMPORTED_TARGET libsystemd)
pkg_check_modules(md4c REQUIRED IMPORTED_TARGET md4c)

if(BUILD_TESTING)
  find_package(GTest REQUIRED)
  include(GoogleTest)
endif()
if(SANDPROOF_BENCH)
  find_package(benchmark REQUIRED)
endif()
