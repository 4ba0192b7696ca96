# One folder of the harness is one static library, and this is its whole CMakeLists.txt:
#
#   sandproof_module(judge
#     DEPENDS model                 # the modules below it: all it may include
#     SOURCES judge.cpp             # none: a module of headers alone
#     TESTS judge_test.cpp
#     LIVE_TESTS cell_live_test.cpp # need a systemd to run on: ctest label "live"
#     TEST_DEPENDS testing          # modules that only its tests use
#     BENCHES judge_bench.cpp
#     LIBRARIES fmt::fmt)           # imported targets
#
# The tests link this module alone, so a call to a module that it does not depend on fails to link.

function(sandproof_module name)
  cmake_parse_arguments(
    PARSE_ARGV 1 module "" ""
    "DEPENDS;SOURCES;TESTS;LIVE_TESTS;TEST_DEPENDS;BENCHES;LIBRARIES")
  if(module_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "sandproof_module(${name}): unknown: ${module_UNPARSED_ARGUMENTS}")
  endif()
  list(TRANSFORM module_DEPENDS PREPEND sandproof::)
  list(TRANSFORM module_TEST_DEPENDS PREPEND sandproof::)

  set(library sandproof_${name})
  if(module_SOURCES)
    set(scope PUBLIC)
    add_library(${library} STATIC ${module_SOURCES})
    target_link_libraries(${library} PRIVATE project_warnings harness_settings)
  else()
    set(scope INTERFACE)
    add_library(${library} INTERFACE)
  endif()
  add_library(sandproof::${name} ALIAS ${library})
  target_include_directories(${library} ${scope} "${CMAKE_SOURCE_DIR}/harness")
  target_link_libraries(${library} ${scope} ${module_DEPENDS} ${module_LIBRARIES})

  if(BUILD_TESTING)
    sandproof_test(${name}_test sandproof::${name} "${module_TEST_DEPENDS}" "" ${module_TESTS})
    sandproof_test(${name}_live_test sandproof::${name} "${module_TEST_DEPENDS}" live
                   ${module_LIVE_TESTS})
  endif()

  if(SANDPROOF_BENCH AND module_BENCHES)
    add_executable(${name}_bench ${module_BENCHES})
    set_target_properties(${name}_bench PROPERTIES RUNTIME_OUTPUT_DIRECTORY
                                                   "${CMAKE_BINARY_DIR}/bench")
    target_link_libraries(${name}_bench PRIVATE project_warnings harness_settings
                                                sandproof::${name} benchmark::benchmark_main)
    target_compile_definitions(${name}_bench PRIVATE SANDPROOF_BINARY_DIR="${CMAKE_BINARY_DIR}")
  endif()
endfunction()

# One executable of GoogleTest cases, each a test of its own to ctest; none without sources.
function(sandproof_test target library test_depends label)
  if(NOT ARGN)
    return()
  endif()
  add_executable(${target} ${ARGN})
  target_link_libraries(${target} PRIVATE project_warnings harness_settings ${library}
                                          ${test_depends} GTest::gmock_main)
  target_compile_definitions(${target} PRIVATE SANDPROOF_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                                               SANDPROOF_BINARY_DIR="${CMAKE_BINARY_DIR}")
  # A parameter's printed value may be bytes of memory, and a test's name should stay the same.
  gtest_discover_tests(
    ${target} NO_PRETTY_VALUES
    DISCOVERY_TIMEOUT 120
    PROPERTIES TIMEOUT 120 LABELS "${label}")
endfunction()
