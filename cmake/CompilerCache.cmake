# ccache, where it is installed and nobody asked for another launcher.

find_program(SANDPROOF_CCACHE ccache)
mark_as_advanced(SANDPROOF_CCACHE)
if(SANDPROOF_CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${SANDPROOF_CCACHE}")
endif()
