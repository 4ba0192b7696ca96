# SANDPROOF_RELEASED: the day of the release, as packaging/changelog has it. Its version is the
# project's.

set(changelog "${CMAKE_SOURCE_DIR}/packaging/changelog")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${changelog}")
file(STRINGS "${changelog}" entry LIMIT_COUNT 1)
if(NOT entry MATCHES "^sandproof \\(${PROJECT_VERSION}\\) ")
  message(FATAL_ERROR "packaging/changelog does not begin with version ${PROJECT_VERSION}: ${entry}")
endif()
file(STRINGS "${changelog}" signature REGEX "^ -- " LIMIT_COUNT 1)
string(REGEX REPLACE "^ -- .*>  " "" signature "${signature}")
execute_process(
  COMMAND date --utc "--date=${signature}" +%Y-%m-%d
  OUTPUT_VARIABLE SANDPROOF_RELEASED
  OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
