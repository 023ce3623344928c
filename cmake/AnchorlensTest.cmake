# SPDX-License-Identifier: GPL-3.0-or-later
# anchorlens_add_test(tst_name LABELS unit|gui|slow ... SOURCES a.cpp ... LIBS targets ...
#                     [TIMEOUT s] [DEFINES ...])
# One executable and one ctest entry for one Qt Test file, tst_name.cpp, which ends in
# #include "tst_name.moc". ANCHORLENS_TEST_HEADERS: a target whose precompiled headers it takes over.
function(anchorlens_add_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "LABELS;SOURCES;LIBS;DEFINES" ${ARGN})
  if(NOT TARGET Qt6::Test)
    message(STATUS "Qt 6 Test is missing: ${name} is not built")
    return()
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  if(ANCHORLENS_SANITIZE)
    math(EXPR ARG_TIMEOUT "${ARG_TIMEOUT} * 4")
  endif()
  # Called by hand: AUTOMOC reads and compiles several files for each of these targets.
  set(moc_dir ${CMAKE_CURRENT_BINARY_DIR}/moc)
  set(test_source ${ARG_SOURCES})
  list(FILTER test_source INCLUDE REGEX "(^|/)${name}\\.cpp$")
  qt6_generate_moc(${test_source} ${moc_dir}/${name}.moc)
  add_executable(${name} ${ARG_SOURCES} ${moc_dir}/${name}.moc)
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests
  )
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR} ${moc_dir})
  target_compile_definitions(${name} PRIVATE
    ANCHORLENS_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
    ANCHORLENS_BINARY_DIR="${PROJECT_BINARY_DIR}"
    ${ARG_DEFINES}
  )
  target_link_libraries(${name} PRIVATE anchorlens_warnings Qt6::Test ${ARG_LIBS})
  if(ANCHORLENS_TEST_HEADERS)
    target_precompile_headers(${name} REUSE_FROM ${ANCHORLENS_TEST_HEADERS})
  endif()
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES
    LABELS "${ARG_LABELS}"
    TIMEOUT ${ARG_TIMEOUT}
    ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8"
  )
endfunction()
