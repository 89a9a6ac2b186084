# logboom_python_test(NAME SCRIPT [ARGUMENT ...]): a test in Python that runs the
# built programs, found through LOGBOOMD and LOGBOOM (tests/testing/logboomd.py).
find_package(Python3 3.11 REQUIRED COMPONENTS Interpreter)

function(logboom_python_test name script)
  if(NOT TARGET logboomd OR NOT TARGET logboom)
    return()
  endif()
  add_test(NAME ${name}
    COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/${script} ${ARGN})
  set_tests_properties(${name} PROPERTIES TIMEOUT 300 ENVIRONMENT
    "LOGBOOMD=$<TARGET_FILE:logboomd>;LOGBOOM=$<TARGET_FILE:logboom>;PYTHONDONTWRITEBYTECODE=1")
endfunction()
