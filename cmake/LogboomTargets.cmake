# The few helpers every folder's CMakeLists.txt uses.

add_library(logboom_flags INTERFACE)
target_compile_options(logboom_flags INTERFACE -Wall -Wextra -Wno-unused-parameter
  -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(logboom_flags INTERFACE -Wthread-safety -Werror=thread-safety)
endif()
if(LOGBOOM_SANITIZE)
  # Without vptr: its runtime probes memory through a pipe(2), so it takes running
  # out of files, which a test provokes, for a bad object.
  target_compile_options(logboom_flags INTERFACE -fsanitize=${LOGBOOM_SANITIZE}
    -fno-sanitize=vptr -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(logboom_flags INTERFACE -fsanitize=${LOGBOOM_SANITIZE})
endif()
target_include_directories(logboom_flags INTERFACE ${PROJECT_SOURCE_DIR})

# logboom_library(NAME SOURCES a.cc ... DEPS lib ...): one library a folder.
# Headers are found from the root of the tree.
function(logboom_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC ${ARG_DEPS} logboom_flags)
endfunction()

# logboom_test(NAME SOURCES a_test.cc ... DEPS lib ...): one GoogleTest program,
# every case a ctest of its own.
function(logboom_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} logboom_flags
    GTest::gmock GTest::gtest GTest::gtest_main)
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 120)
endfunction()

# logboom_fuzz(NAME SOURCES a_fuzz.cc DEPS lib ...): a libFuzzer target in the
# fuzz preset; nothing elsewhere.
function(logboom_fuzz name)
  if(NOT LOGBOOM_FUZZ)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} logboom_flags)
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
endfunction()
